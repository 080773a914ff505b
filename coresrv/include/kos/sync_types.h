/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KOS_SYNC_TYPES_H
#define KOS_SYNC_TYPES_H

/*
 * What the synchronisation primitives of kos/ look like. They work between the
 * threads of one process only; the fields belong to libkos. Every primitive is
 * ready for use when it holds its KosInitialized... value.
 */

#include <rtl/atomic.h>
#include <rtl/stdint.h>

typedef enum KosMutexState {
	KOS_MUTEX_FREE = 0,
	KOS_MUTEX_LOCKED = 1,
	KOS_MUTEX_WAIT = 2, /* locked, and a thread may be waiting */
} KosMutexState;

typedef struct KosMutex {
	__extension__ union {
		int value;
		__extension__ struct {
			unsigned state : 7;
			unsigned recursive : 1;
			unsigned count : 8;  /* times locked again by the owner */
			unsigned owner : 16; /* number of a thread, 0: none */
		};
	};
} KosMutex;

#define KosInitializedMutexEx(recursive_)                                                          \
	{                                                                                          \
		{                                                                                  \
			(recursive_) ? 0x80 : 0                                                    \
		}                                                                                  \
	}
#define KosInitializedMutex          KosInitializedMutexEx(0)
#define KosInitializedRecursiveMutex KosInitializedMutexEx(1)

typedef struct KosEvent {
	RtlAtomicInt signal; /* bit 0: set; the rest counts the times it was set */
} KosEvent;

#define KosInitializedEvent                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

typedef struct KosSemaphore {
	RtlAtomicInt count;
	RtlAtomicInt sleeping; /* threads that wait */
} KosSemaphore;

#define KosInitializedSemaphore                                                                    \
	{                                                                                          \
		0, 0                                                                               \
	}

#define KOS_SEMAPHORE_VALUE_MAX RTL_INT32_MAX

typedef struct KosCondvar {
	RtlAtomicInt cvar; /* counts signals */
} KosCondvar;

#define KosInitializedCondvar                                                                      \
	{                                                                                          \
		0                                                                                  \
	}

typedef struct KosRWLock {
	KosMutex lock; /* guards everything below */
	rtl_uint32_t writerWake;
	rtl_uint32_t readersWake;
	int writer;
	int readers;
	int queuedWriters;
	int queuedReaders;
} KosRWLock;

#define KosInitializedRWLock                                                                       \
	{                                                                                          \
		KosInitializedMutex, 0, 0, 0, 0, 0, 0                                              \
	}

#endif /* KOS_SYNC_TYPES_H */
