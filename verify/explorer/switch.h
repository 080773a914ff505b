/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KX_SWITCH_H
#define KX_SWITCH_H

/*
 * Changing from one stack to another: saves the registers that a called function
 * must keep, leaves the stack pointer in *save, and goes on where @to was saved.
 * x86-64 only, like the memory model.
 */
void kx_switch(void **save, void *to);

#define KX_SWITCH_CODE                                                                             \
	".text\n"                                                                                  \
	".globl kx_switch\n"                                                                       \
	".type kx_switch, @function\n"                                                             \
	"kx_switch:\n"                                                                             \
	"	push %rbp\n	push %rbx\n	push %r12\n"                                                     \
	"	push %r13\n	push %r14\n	push %r15\n"                                                     \
	"	mov %rsp, (%rdi)\n"                                                                      \
	"	mov %rsi, %rsp\n"                                                                        \
	"	pop %r15\n	pop %r14\n	pop %r13\n"                                                        \
	"	pop %r12\n	pop %rbx\n	pop %rbp\n"                                                        \
	"	ret\n"                                                                                   \
	".size kx_switch, .-kx_switch\n"

/* Words on a new stack below the address that its first "ret" takes. */
#define KX_SWITCH_REGISTERS 6u

#endif /* KX_SWITCH_H */
