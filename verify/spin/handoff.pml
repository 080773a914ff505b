/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The hand-off of kernel/ipc as a whole, small enough for clients and server threads
 * that the explorer cannot hold at every order of steps, and for the question that
 * needs fairness: does every call end? README.md names the functions that each part
 * mirrors. Memory is sequentially consistent here: what store buffers do is the
 * explorer's.
 *
 * Switches: CLIENTS, THREADS (of the server), ROUNDS (calls of each client), TIMED
 * (client 0 has a deadline), ABANDON (it may leave a taken request behind), DEATH (the
 * server may die), RELAY (the last client's requests come from the kernel process),
 * WATCHED (bells that a sentinel watches; the rest go by the kernel process), SPURIOUS
 * (wakes without a reason), LIVENESS. BUG_...: one seeded bug each.
 */

#ifndef CLIENTS
#define CLIENTS 2
#endif
#ifndef THREADS
#define THREADS 1
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#ifndef SPURIOUS
#define SPURIOUS 0
#endif
#ifndef WATCHED
#define WATCHED CLIENTS
#endif

#define NOBODY 255

/* States of a slot and levels of arm (abi/kx_slot.h, abi/kx_channel.h). */
#define FREE 0
#define POSTED 1
#define TAKEN 2
#define REPLIED 3
#define ABANDONED 4
#define POISON 5
#define TIMED_POST 7
#define AWAKE 0
#define RING 1
#define LATER 2
#define BY_KERNEL 3
#define BY_KERNEL_LATER 4

typedef channel {
	byte gen;
	byte state;
	bool sleep;
	byte arm;
	byte bell;
	bool dead;   /* state word of the client's task page */
	bool waits;  /* the client sleeps on w */
	byte served; /* the request served last */
};
channel c[CLIENTS];

byte kbell, kick;
bool karm;

/* The server's inbox. */
bool polling, sentinel, locked;
byte followers, promotions;
/* A thread's sleep: on kbell and bells (1) or as a follower (2); what it saw of each. */
typedef sleeper {
	byte kind;
	byte kbell;
	byte bell[CLIENTS];
};
sleeper t[THREADS];

bool server_dead;
byte spurious = SPURIOUS;
byte ended; /* clients */

#define IS_POSTED(i) (c[i].state == POSTED || c[i].state == TIMED_POST)

/* kx_futex_wake() on the bell of @i, or on kbell (@i is CLIENTS): whoever sleeps on it. */
inline wake_bell(i)
{
	k = 0;
	do
	:: k < THREADS ->
		if
		:: t[k].kind == 1 && (i == CLIENTS || i < WATCHED) -> t[k].kind = 0
		:: else
		fi;
		k++
	:: else -> break
	od;
	k = 0
}

/*
 * Each atomic block is one operation on a shared word and what its thread then decides
 * from its own variables, which are set back so that equal states look equal.
 */

/* kx_client_exchange() */
proctype client(byte i)
{
	byte call, level, seen, k;
	bool seen_sleep, timed, rung;

post:
	/* kx_slot_post(): an exchange, the old word is looked at. */
	atomic {
		if
		:: call == ROUNDS -> goto over
		:: else
		fi;
		call++;
		rung = false;
#ifdef TIMED
		timed = i == 0;
#endif
		seen = c[i].state;
		c[i].gen = call;
		c[i].sleep = false;
		c[i].state = (timed -> TIMED_POST : POSTED);
		if
		:: seen == POISON -> goto over
		:: else -> seen = 0
		fi
	}
#ifndef BUG_STATE_NOT_READ
	if
	:: c[i].dead -> goto over
	:: else
	fi;
#endif
#ifdef RELAY
	/* ring_server() of the kernel process */
	if
	:: atomic { i == CLIENTS - 1 -> kbell++ };
		if
		:: atomic { karm -> wake_bell(CLIENTS) }
		:: else
		fi;
		goto wait
	:: i != CLIENTS - 1
	fi;
#endif
	/* ring_if_armed() */
	atomic {
		level = c[i].arm;
		if
		:: level == RING || level == BY_KERNEL -> goto ring
		:: else -> level = 0; goto wait
		fi
	}
ring:
	atomic {
		if
		:: level == BY_KERNEL || level == BY_KERNEL_LATER ->
			kick++;
			level = 0;
			goto wait
		:: else
		fi;
#ifndef BUG_RING_WITHOUT_COUNTING
		c[i].bell++;
#endif
		level = 0
	}
	atomic { wake_bell(i) };
wait:
	/* sleep_for_reply() */
	atomic {
		seen = c[i].state;
		seen_sleep = c[i].sleep;
		if
		:: seen == POISON -> assert(server_dead); goto over
		:: seen == REPLIED ->
			assert(c[i].gen == call && c[i].served == call);
			goto done
		:: else -> assert(c[i].gen == call)
		fi
	}
#ifndef BUG_NO_RING_BEFORE_SLEEP
	/* ring_before_sleep() */
	atomic {
		if
		:: !rung && (seen == POSTED || seen == TIMED_POST) &&
		   (c[i].arm == LATER || c[i].arm == BY_KERNEL_LATER) ->
			level = c[i].arm;
			rung = true;
			goto ring
		:: else
		fi
	}
#endif
	/* kx_slot_mark_sleep() */
	atomic {
		if
		:: c[i].state == seen && c[i].sleep == seen_sleep -> c[i].sleep = true
		:: else -> goto wait
		fi
	}
	/* kx_futex_wait(): sleeps only on that very word. */
	atomic {
		seen_sleep = false;
		if
		:: c[i].state == seen && c[i].sleep -> c[i].waits = true; seen = 0
		:: else -> seen = 0; goto wait
		fi
	}
	if
	:: atomic { !c[i].waits -> goto wait }
	:: atomic { c[i].waits && spurious > 0 -> spurious--; c[i].waits = false; goto wait }
	:: atomic { timed && c[i].waits -> c[i].waits = false }
	fi;
	/* give_up(): kx_slot_cancel() */
	atomic {
		timed = false;
		if
		:: c[i].state == TIMED_POST -> c[i].state = FREE; c[i].sleep = false; goto done
		:: else
		fi
	}
#ifdef ABANDON
	/* kx_slot_abandon() */
	atomic {
		if
		:: c[i].state == TAKEN -> c[i].state = ABANDONED; c[i].sleep = false
		:: else -> goto wait
		fi
	}
	/* kx_route_take_slot(), every slot abandoned: waits for the word. */
	atomic {
		if
		:: c[i].state == ABANDONED && call < ROUNDS -> c[i].waits = true
		:: else -> goto done
		fi
	}
	!c[i].waits;
#else
	goto wait;
#endif
done:
	atomic { seen = 0; seen_sleep = false; timed = false; goto post };
over:
	atomic { seen = 0; seen_sleep = false; timed = false; rung = false; ended++ }
}

/* kx_end_arm() and set_arm(): a channel nobody watches goes by the kernel process. */
inline set_arm(i, level)
{
	if
	:: i < WATCHED -> c[i].arm = level
	:: else -> c[i].arm = (level == RING -> BY_KERNEL : BY_KERNEL_LATER)
	fi
}

/* kx_inbox_look(), kx_inbox_look_all(): one slot a step; @found: whose request was taken. */
inline look(found)
{
	do
	:: atomic {
		i < CLIENTS && !IS_POSTED(i) -> i++
	   }
	:: atomic {
		i < CLIENTS && IS_POSTED(i) ->
		c[i].state = TAKEN;
#ifdef BUG_TAKE_FORGETS_SLEEP
		c[i].sleep = false;
#endif
		gen = c[i].gen;
		found = i;
		i = 0;
		break
	   }
	:: atomic { i == CLIENTS -> i = 0; break }
	od
}

/* promote_locked() */
inline promote()
{
#ifndef BUG_SENTINEL_PROMOTES_NOBODY
	if
	:: followers > 0 ->
		promotions++;
		k = 0;
		do
		:: k < THREADS && t[k].kind == 2 -> t[k].kind = 0; k++
		:: k < THREADS && t[k].kind != 2 -> k++
		:: k == THREADS -> break
		od;
		k = 0
	:: else
	fi
#else
	skip
#endif
}

/* kx_inbox_receive() in a loop, and the program that answers what it returns. */
proctype server(byte me)
{
	byte i, k, gen, level, old;
	byte found = NOBODY;
	bool asleep, abandoned, same;

	{
	skip;
begin:
	look(found);
	if
	:: found != NOBODY -> goto serve
	:: found == NOBODY
	fi;
	/* wait_in_turn() */
	if
	:: atomic { polling -> goto beside }
	:: atomic { !polling -> polling = true }
	fi;
	/* poll_for_a_while() */
	look(found);
	if
	:: atomic { found != NOBODY -> polling = false; goto serve }
	:: found == NOBODY
	fi;
	/* give_up_polling() */
	atomic { !locked -> locked = true };
	polling = false;
	if
	:: atomic { !sentinel -> sentinel = true; locked = false; level = RING; goto be_sentinel }
	:: sentinel
	fi;
	/* raise_all() */
#ifndef BUG_ARM_NOT_RAISED
	do
	:: atomic { i < CLIENTS -> set_arm(i, RING); i++ }
	:: atomic { i == CLIENTS -> i = 0; break }
	od;
#endif
	locked = false;
	look(found);
	if
	:: found != NOBODY -> goto serve
	:: found == NOBODY
	fi;
	atomic { !locked -> locked = true };
	if
	:: atomic { !sentinel -> locked = false; goto begin }
	:: atomic { sentinel -> goto follow }
	fi;

beside:
	/* wait_beside_poller() */
	atomic { !locked -> locked = true };
	if
	:: atomic { sentinel -> goto follow }
	:: atomic { !sentinel -> sentinel = true; locked = false; level = LATER; goto be_sentinel }
	fi;

follow:
	/* follow_locked(), the lock is held */
	atomic { old = promotions; followers++; locked = false };
	atomic {
		if
		:: promotions == old -> t[me].kind = 2
		:: else
		fi;
		old = 0
	}
end_follower:
	t[me].kind == 0;
	atomic { !locked -> followers--; goto begin };

be_sentinel:
	atomic {
		!locked -> locked = true;
		if
		:: !polling -> level = RING
		:: else
		fi
	}
	/* arm_all(): arm, fence, then what the bells say. */
	do
	:: atomic { i < CLIENTS -> set_arm(i, level); i++ }
	:: atomic { i == CLIENTS -> i = 0; level = 0; karm = true; break }
	od;
	atomic {
		t[me].kbell = kbell;
		do
		:: i < CLIENTS -> t[me].bell[i] = c[i].bell; i++
		:: else -> break
		od;
		i = 0;
		locked = false
	}
#ifndef BUG_NO_LOOK_AFTER_ARMING
	look(found);
#endif
	/* kx_futex_waitv(): sleeps only while every bell reads what was seen. */
	atomic {
		if
		:: found != NOBODY -> goto stop
		:: else
		fi;
		same = t[me].kbell == kbell;
		do
		:: i < CLIENTS && i < WATCHED -> same = same && t[me].bell[i] == c[i].bell; i++
		:: else -> break
		od;
		i = 0;
		if
		:: same -> t[me].kind = 1
		:: else
		fi;
		same = false
	}
end_sentinel:
	if
	:: t[me].kind == 0
	:: atomic { t[me].kind == 1 && spurious > 0 -> spurious--; t[me].kind = 0 }
	fi;
stop:
	/* stop_being_sentinel() */
	atomic {
		!locked -> sentinel = false;
		t[me].kbell = 0;
		do
		:: i < CLIENTS -> t[me].bell[i] = 0; i++
		:: else -> break
		od;
		i = 0;
		promote();
		if
		:: found == NOBODY -> goto begin
		:: else
		fi
	}

serve:
	/* disarm(), disarm_kbell() */
	atomic {
#ifdef RELAY
		if
		:: found == CLIENTS - 1 && karm && !sentinel && !locked -> karm = false; goto answer
		:: found == CLIENTS - 1 && (!karm || sentinel) -> goto answer
		:: found < CLIENTS - 1
		fi;
#endif
		if
		:: c[found].arm == AWAKE ||
		   ((c[found].arm == LATER || c[found].arm == BY_KERNEL_LATER) && sentinel) ->
			goto answer
		:: else
		fi
	}
	atomic {
		!locked ->
		if
		:: sentinel -> set_arm(found, LATER)
		:: else -> c[found].arm = AWAKE
		fi
	}
answer:
	/* kx_slot_reply() */
	atomic {
		assert(c[found].served != gen || c[found].state != TAKEN);
		c[found].served = gen;
		gen = 0;
		asleep = c[found].sleep;
		abandoned = c[found].state == ABANDONED;
		if
		:: c[found].state == TAKEN -> c[found].state = REPLIED; c[found].sleep = false
		:: abandoned -> c[found].state = FREE
		:: else -> assert(c[found].state == POISON)
		fi
	}
	/* the wake of publish_locked() */
	atomic {
#ifndef BUG_REPLY_DOES_NOT_WAKE
		if
		:: asleep -> c[found].waits = false
		:: else
		fi;
#endif
#ifndef BUG_FREED_SLOT_NOT_WOKEN
		if
		:: abandoned -> c[found].waits = false
		:: else
		fi;
#endif
		asleep = false;
		abandoned = false;
		found = NOBODY;
		goto begin
	}
	} unless { server_dead };
	t[me].kind = 0
}

/* Rings for clients that asked for it, and buries the dead. */
proctype kernel()
{
	byte seen, i, k;
	bool buried;

end_kernel:
	do
	:: atomic { seen != kick && !server_dead -> seen = kick; kbell++ };
		if
		:: atomic { karm -> wake_bell(CLIENTS) }
		:: else
		fi
	:: server_dead && !buried ->
		buried = true;
		do
		:: i < CLIENTS ->
			/* D1: the reason first, then the slots, then always a wake. */
			c[i].dead = true;
#ifdef BUG_DEATH_WAKES_FIRST
			c[i].waits = false;
#endif
			/* kx_slot_poison() */
			atomic {
				if
				:: IS_POSTED(i) || c[i].state == TAKEN || c[i].state == ABANDONED ->
					c[i].state = POISON;
					c[i].sleep = false
				:: else
				fi
			}
#ifndef BUG_DEATH_WAKES_FIRST
			c[i].waits = false;
#endif
			i++
		:: i == CLIENTS -> break
		od
	od
}

/* The server dies at any moment, or never. */
active proctype fate()
{
#ifdef DEATH
	if
	:: server_dead = true
	:: skip
	fi
#else
	skip
#endif
}

#define ALL_ENDED (ended == CLIENTS)

init
{
	byte n;

	atomic {
		do
		:: n < CLIENTS ->
			c[n].arm = BY_KERNEL;
			run client(n);
			n++
		:: else -> break
		od;
		n = 0;
		do
		:: n < THREADS -> run server(n); n++
		:: else -> break
		od;
		run kernel();
		n = 0
	}
}

#ifdef LIVENESS
ltl every_call_ends { <> ALL_ENDED }
#endif
