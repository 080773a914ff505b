# SPDX-License-Identifier: Apache-2.0
# Seeds one bug at a time into a copy of the shipped source and checks that the
# explorer finds it: cmake -DIPC=... -DEXPLORER=... -DREST=... -DWORK=... -DCC=...
# -DFLAGS=... -P mutants.cmake. Fails if a bug is not found, is found as something
# else, or can no longer be seeded because the source has changed: then bring OLD
# and NEW below up to date.
set(missed 0)
set(count 0)

# mutant(<name> <file> <scenario> <what must be said> <old text> <new text>)
function(mutant name file scenario expected old new)
  math(EXPR number "${count} + 1")
  set(count ${number} PARENT_SCOPE)
  if(ONLY AND NOT name MATCHES "${ONLY}")
    return()
  endif()
  set(dir ${WORK}/${name})
  file(REMOVE_RECURSE ${dir})
  file(GLOB sources ${IPC}/*.h ${IPC}/client.c ${IPC}/ends.c ${IPC}/look.c ${IPC}/receive.c
    ${IPC}/verdict.c ${EXPLORER}/client_actors.c ${EXPLORER}/kernel_actors.c
    ${EXPLORER}/server_actors.c)
  file(COPY ${sources} DESTINATION ${dir})
  file(READ ${dir}/${file} text)
  string(FIND "${text}" "${old}" first)
  string(FIND "${text}" "${old}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message("${name}: its text does not stand exactly once in ${file}: bring mutants.cmake up to date")
    math(EXPR missed "${missed} + 1")
    set(missed ${missed} PARENT_SCOPE)
    return()
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(WRITE ${dir}/${file} "${text}")
  separate_arguments(flags UNIX_COMMAND "${FLAGS}")
  execute_process(
    COMMAND ${CC} ${flags} -w -I${dir} -I${EXPLORER} -I${IPC}/../../abi
      -include ${EXPLORER}/shipped.h client.c ends.c look.c receive.c verdict.c client_actors.c
      kernel_actors.c server_actors.c ${REST} -Wl,-z,now -o mutant
    WORKING_DIRECTORY ${dir} RESULT_VARIABLE status ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${name}: does not compile\n${errors}")
  endif()
  separate_arguments(scenario UNIX_COMMAND "${scenario}")
  execute_process(COMMAND ${dir}/mutant --quiet --most=3000000 ${scenario}
    RESULT_VARIABLE status OUTPUT_VARIABLE said)
  string(STRIP "${said}" said)
  string(REGEX REPLACE "^[^ ]+ +([0-9]+) states.* s  (.*)$" "${scenario}, \\1 states: \\2" verdict
    "${said}")
  if(status EQUAL 1 AND said MATCHES "${expected}")
    message("${name}: rejected by ${verdict}")
  else()
    message("${name}: MISSED by ${verdict} (wanted: ${expected})")
    math(EXPR missed "${missed} + 1")
    set(missed ${missed} PARENT_SCOPE)
  endif()
endfunction()

mutant(post_without_barrier slot.h direct "waits for ever"
  "return kx_exchange(&slot->w, KX_SLOT_WORD(gen, timed ? KX_SLOT_TIMED : KX_SLOT_POSTED));"
  "kx_store(&slot->w, KX_SLOT_WORD(gen, timed ? KX_SLOT_TIMED : KX_SLOT_POSTED)); return 0;")
mutant(take_without_cas slot.h two-threads "served|hostile"
  "if (kx_cas(&slot->w, &w, (w & ~7u) | KX_SLOT_TAKEN)) {"
  "kx_store(&slot->w, (w & ~7u) | KX_SLOT_TAKEN); if (true) {")
mutant(take_forgets_sleeper slot.h two-threads "waits for ever"
  "if (kx_cas(&slot->w, &w, (w & ~7u) | KX_SLOT_TAKEN)) {"
  "if (kx_cas(&slot->w, &w, KX_SLOT_WORD(KX_SLOT_GEN(w), KX_SLOT_TAKEN))) {")
mutant(quiet_take_of_a_timed_request slot.h deadline "taken back and served"
  "if (KX_SLOT_STATE(w) != KX_SLOT_POSTED)\n\t\treturn KX_EAGAIN;\n\tkx_own(slot);"
  "if (!KX_SLOT_IS_POSTED(w))\n\t\treturn KX_EAGAIN;\n\tkx_own(slot);")
mutant(quiet_take_not_marked_for_a_second_thread look.c grows "served twice|hostile"
  "if (!kx_alone())\n\t\tkx_slot_mark_taken(taken->slot, taken->gen);" "")
mutant(request_of_nobody_not_marked look.c client-death-quick "served twice"
  "void kx_inbox_forsake(struct kx_taken *taken)\n{\n\tkx_slot_mark_taken(taken->slot, taken->gen);"
  "void kx_inbox_forsake(struct kx_taken *taken)\n{")
mutant(reply_forgets_sleeper slot.h direct "waits for ever"
  "*wake = (w & KX_SLOT_SLEEP) != 0;" "*wake = false;")
mutant(sleep_mark_without_cas slot.h direct "waits for ever|served twice|protocol violation|not its own|hostile"
  "if (!kx_cas(&slot->w, &expected, *w | KX_SLOT_SLEEP))\n\t\treturn false;"
  "(void)expected; kx_store(&slot->w, *w | KX_SLOT_SLEEP);")
mutant(cancel_of_a_taken_request slot.h deadline "taken back and served"
  "while (KX_SLOT_STATE(w) == KX_SLOT_TIMED && KX_SLOT_GEN(w) == gen &&"
  "while ((KX_SLOT_IS_POSTED(w) || KX_SLOT_STATE(w) == KX_SLOT_TAKEN) && KX_SLOT_GEN(w) == gen &&")
mutant(death_leaves_taken_requests slot.h server-death-timed "waits for ever"
  "KX_SLOT_STATE(w) != KX_SLOT_TAKEN &&" "")
mutant(client_does_not_read_state client.c server-death "waits for ever"
  "if (port->state && kx_load(port->state) != port->alive)" "if (false)")
mutant(ring_without_counting client.c direct "waits for ever"
  "(void)kx_add(port->bell, 1);" "")
mutant(ring_without_waking client.c direct "waits for ever"
  "kx_futex_wake(port->bell);" "")
mutant(kernel_is_not_asked client.c unwatched "waits for ever"
  "if (arm == KX_ARM_KERNEL || arm == KX_ARM_KERNEL_LATER || !port->bell) {" "if (!port->bell) {")
mutant(no_ring_before_sleep client.c busy-again "waits for ever"
  "\t\tif (!rung)\n\t\t\trung = ring_before_sleep(port, w);"
  "\t\t(void)rung; (void)ring_before_sleep;")
mutant(interrupt_not_slept_on client.c interrupt "waits for ever"
  "slept = interrupt ? kx_futex_waitv" "slept = false ? kx_futex_waitv")
mutant(interrupt_of_a_taken_request client.c interrupt-served "taken back and served"
  "if (kx_slot_cancel(slot, gen))\n\t\t\t\treturn KX_EINTERRUPT;"
  "(void)kx_slot_cancel(slot, gen); return KX_EINTERRUPT;")
mutant(arm_without_fence receive.c direct-buffers "waits for ever"
  "kx_fence();\n\twatches[0]" "watches[0]")
mutant(no_look_after_arming receive.c direct "waits for ever"
  "if (kx_inbox_look_all(inbox, taken)) {\n\t\trc = KX_OK;" "if (false) {\n\t\trc = KX_OK;")
mutant(bells_read_after_looking receive.c direct "waits for ever"
  "if (!kx_futex_waitv(watches, count, patience->deadline))"
  "for (unsigned i = 0; i < count; i++) watches[i].seen = kx_load(watches[i].word); if (!kx_futex_waitv(watches, count, patience->deadline))")
mutant(kernel_not_armed receive.c relay "waits for ever"
  "kx_store(inbox->karm, 1);" "")
mutant(sentinel_promotes_nobody receive.c busy "waits for ever"
  "atomic_store(&inbox->sentinel, false);\n\tpromote_locked(inbox);"
  "atomic_store(&inbox->sentinel, false);")
mutant(follower_deaf_to_interrupts receive.c interrupt-follower "waits for ever"
  "return kx_futex_waitv(watches, patience->interrupt ? 2 : 1, patience->deadline);"
  "return kx_futex_waitv(watches, 1, patience->deadline);")
mutant(unwatched_bell_armed look.c unwatched-threads "waits for ever"
  "set_arm(end, atomic_load(&end->watched) ? level : by_kernel);" "set_arm(end, level);")
mutant(mark_kept_after_reply server_actors.c two-threads "taken for a hostile one"
  "\tkx_inbox_release(taken);\n\trc = kx_slot_reply(taken->slot, taken->gen, &wake);"
  "\trc = kx_slot_reply(taken->slot, taken->gen, &wake);\n\tkx_sim_until(NULL, NULL);\n\tkx_inbox_release(taken);")
mutant(death_wakes_before_poisoning kernel_actors.c server-death "waits for ever"
  "kx_slot_poison(&kx_stage->regions[i]->slots[s]);\n\t\t\tkx_futex_wake(&kx_stage->regions[i]->slots[s].w);"
  "kx_futex_wake(&kx_stage->regions[i]->slots[s].w);\n\t\t\tkx_slot_poison(&kx_stage->regions[i]->slots[s]);")
mutant(verdict_does_not_wake kernel_actors.c judged "waits for ever"
  "if (kx_slot_judge(kx_stage->down, call + 1))\n\t\tkx_futex_wake(&kx_stage->down->w);"
  "(void)kx_slot_judge(kx_stage->down, call + 1);")
mutant(verdict_sleeps_unmarked verdict.c judged "waits for ever"
  "if (kx_slot_mark_sleep(slot, &w))" "w = replied;")
mutant(verdict_read_too_early verdict.c judged "verdict that is not on its reply"
  "while ((w = kx_load(&slot->w)) == replied && kx_wait_step(&wait))\n\t\t;\n\twhile ((w & ~KX_SLOT_SLEEP) == replied) {"
  "(void)replied; while (false) {")
mutant(judged_slot_not_freed verdict.c judged "waits for ever"
  "(void)kx_cas(&slot->w, &judged, KX_SLOT_WORD(gen, KX_SLOT_FREE));" "(void)judged;")
mutant(orphan_reply_not_judged kernel_actors.c withdrawn-judged "waits for ever"
  "if (kx_plot.judged && KX_SLOT_STATE(kx_stage->down->w) == KX_SLOT_REPLIED)" "if (false)")
mutant(poisoned_down_slot_not_freed server_actors.c withdrawn "waits for ever"
  "if (rc == KX_EPEER)\n\t\t(void)kx_cas(&taken->slot->w, &poison," "if (false)\n\t\t(void)kx_cas(&taken->slot->w, &poison,")

if(missed)
  message(FATAL_ERROR "${missed} of ${count} seeded bugs missed")
endif()
message("all ${count} seeded bugs rejected")
