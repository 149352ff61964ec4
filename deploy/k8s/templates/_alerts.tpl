{{/*
Alerts. Each has a section with its name in docs/how-to/runbook.md. The template that renders them adds labels and the URL of
the runbook, and omits disabled alerts.
*/}}
{{- define "policy-gateway.alerts" -}}
{{- $s := include "policy-gateway.series" . -}}
{{- $release := printf `release="%s"` .Release.Name -}}
{{- if not .Values.prometheusRule.selector }}{{ $release = printf `%s,namespace="%s"` $release .Release.Namespace }}{{ end -}}
{{- $t := .Values.prometheusRule.thresholds -}}
{{- $budget := printf "(1 - %v)" $t.upstreamObjective -}}
rules:
  - alert: GatewayDown
    expr: up{ {{- $s -}} } == 0
    for: 2m
    severity: critical
    summary: "{{`{{ $labels.instance }} does not respond to scrapes`}}"
    description: "The process is down, hangs, or its admin port is unreachable. If it is down, its agents lose their connections. Let the platform restart it; if it exits again, read the last line of its log."
  - alert: GatewayAbsent
    expr: absent(up{ {{- $s -}} } == 1)
    for: 5m
    severity: critical
    summary: "Prometheus scrapes no process of {{ .Release.Name }}"
    description: "Either every process is down and no agent gets a response, or only scraping is broken and no other alert can fire. Check the processes first, then the scrape configuration."
  - alert: GatewayNotReady
    expr: (gateway_ready{ {{- $s -}} } == 0) unless ignoring (cause) (gateway_fault{ {{- $s -}} ,cause="draining"} == 1)
    for: 1m
    severity: critical
    summary: "{{`{{ $labels.instance }} is not ready and denies calls`}}"
    description: "Other frontends serve the agents; if none is ready, calls are unavailable. Read the cause from gateway_fault, and follow the runbook's section for it."
  - alert: GatewayEngineUnavailable
    expr: sum by (namespace) (rate(gateway_refusals_total{ {{- $s -}} ,reason="engine_unavailable"}[5m])) > {{ $t.engineUnavailablePerSecond }}
    for: 2m
    severity: critical
    summary: "Calls with limits are unavailable because they cannot be counted"
    description: "{{`{{ $value | humanize }} calls per second are refused, and their agents are told to try again; calls without limits pass. Restore the store or the silos; the gateway then recovers by itself.`}}"
  - alert: GatewayStoreErrors
    expr: |-
      (
        sum by (namespace) (rate(gateway_limits_writes_total{ {{- $s -}} ,outcome="unknown"}[5m]))
        + sum by (namespace) (rate(gateway_limits_reads_total{ {{- $s -}} ,outcome="unavailable"}[5m]))
      ) / (
        sum by (namespace) (rate(gateway_limits_writes_total{ {{- $s -}} }[5m]))
        + sum by (namespace) (rate(gateway_limits_reads_total{ {{- $s -}} }[5m]))
      ) > {{ $t.storeErrorRatio }}
    for: 5m
    severity: warning
    summary: "Requests to the reservation store end without a known outcome"
    description: "{{`This affects {{ $value | humanizePercentage }} of the reads and writes. Some of the agents' calls are slow or unavailable, and some windows admit less than their maximum. Check the store for a failover, a network fault or a connection limit.`}}"
  - alert: GatewayStoreSlow
    expr: gateway:store_seconds:p99_5m{ {{- $release -}} } > {{ $t.storeSlowSeconds }}
    for: 10m
    severity: warning
    summary: "{{`The reservation store is slow to {{ $labels.operation }}`}}"
    description: "{{`1 in 100 responses takes longer than {{ $value | humanizeDuration }}. Agents' calls with limits wait, and are unavailable if they wait too long. Reduce the load on the store, or give it more resources.`}}"
  - alert: GatewayAdmissionSlow
    expr: gateway:admission_seconds:p99_5m{ {{- $release -}} } > {{ $t.admissionSlowSeconds }}
    for: 10m
    severity: warning
    summary: "Decisions are slow"
    description: "{{`1 in 100 messages waits longer than {{ $value | humanizeDuration }} for its decision, so agents' calls take longer. Check the store, the CPU and the audit volume; if the CPU is exhausted, add frontends.`}}"
  - alert: GatewayNoAdmissions
    expr: |-
      (sum by (namespace, server) (increase(gateway_decisions_total{ {{- $s -}} ,outcome!~"allowed|unavailable"}[10m])) > {{ $t.noAdmissionsCalls }})
      unless (sum by (namespace, server) (increase(gateway_decisions_total{ {{- $s -}} ,outcome="allowed"}[10m])) > 0)
    for: 5m
    severity: warning
    summary: "{{`Every call to {{ $labels.server }} is refused`}}"
    description: "{{`In 10 minutes, {{ $value | humanize }} calls of agents were refused and none was allowed. Find the rule in the audit log; then correct the policy, raise the limit, or contact the agent's owner.`}}"
  - alert: GatewayAuditQueueFull
    expr: gateway_audit_queued{ {{- $s -}} } / gateway_audit_queue_limit{ {{- $s -}} } > {{ $t.auditQueueRatio }}
    for: 1m
    severity: warning
    summary: "{{`{{ $labels.instance }} writes audit records too slowly`}}"
    description: "{{`{{ $value | humanizePercentage }} of the queue is used. When it is full, agents' calls wait, and are then denied. Use a faster disk for the audit log, or add frontends.`}}"
  - alert: GatewayAuditFailing
    expr: |-
      (max by (namespace, instance) (increase(gateway_audit_lost_total{ {{- $s -}} }[5m])) > 0)
      or (max by (namespace, instance) (gateway_fault{ {{- $s -}} ,cause="audit"}) == 1)
    severity: critical
    summary: "{{`{{ $labels.instance }} cannot write its audit log`}}"
    description: "Agents' calls are unavailable, because a call that cannot be recorded is denied. Free space on the volume, or repair it; the process then becomes ready by itself."
  - alert: GatewayAuditSinkAway
    expr: |-
      max by (namespace, instance, sink) (gateway_audit_sink_lag_bytes{ {{- $s -}} }) > 0
      and max by (namespace, instance, sink) (increase(gateway_audit_sink_failures_total{ {{- $s -}} }[5m])) > 0
      unless max by (namespace, instance, sink) (increase(gateway_audit_sink_records_total{ {{- $s -}} }[5m])) > 0
    for: 10m
    severity: warning
    summary: "{{`The audit sink {{ $labels.sink }} accepts no records from {{ $labels.instance }}`}}"
    description: "{{`The sink is {{ $value | humanize1024 }}B behind. Agents notice nothing until the audit log is full. Then calls are denied (with \"block\"), or the sink loses records (with \"drop\"). Restore the sink, or raise --audit-bytes.`}}"
  - alert: GatewayAuditSinkLost
    expr: |-
      (max by (namespace, instance, sink) (increase(gateway_audit_sink_lost_bytes_total{ {{- $s -}} }[15m])) > 0)
      or (max by (namespace, instance, sink) (increase(gateway_audit_sink_rejected_total{ {{- $s -}} }[15m])) > 0)
    severity: critical
    summary: "{{`The audit sink {{ $labels.sink }} has lost records of {{ $labels.instance }}`}}"
    description: "The sink rejected records, or they were deleted before it received them. Agents notice nothing. Copy the records from the files of the audit log or from a backup; to prevent further deletions, use \"block\" or give the log more room."
  - alert: GatewayApprovalsWaiting
    expr: |-
      max by (namespace) (
        gateway_approvals_age_seconds{ {{- $s -}} } > {{ $t.approvalWaitSeconds }}
        or (gateway_approvals_age_seconds{ {{- $s -}} } and gateway_approvals_waited_ratio{ {{- $s -}} } > {{ $t.approvalWaitRatio }})
      )
    severity: warning
    summary: "A call is waiting for approval"
    description: "{{`The oldest request has waited for {{ $value | humanizeDuration }}. The agent's call stays pending; after the request has expired, the agent must try again. Approve or deny it: gateway approvals list shows it.`}}"
  - alert: GatewayClockWrong
    expr: gateway_fault{ {{- $s -}} ,cause="clock"} == 1
    severity: critical
    summary: "{{`The clock of {{ $labels.instance }} cannot be trusted`}}"
    description: "The clock jumped ahead, or differs too much from the store's clock. Until they agree, a silo leaves the cluster, and any other process denies agents' calls with limits. Fix the time synchronization of the node."
  - alert: GatewayClockDrifting
    expr: abs(gateway_clock_ahead_seconds{ {{- $s -}} }) > {{ $t.clockAheadSeconds }}
    for: 2m
    severity: warning
    summary: "{{`The clock of {{ $labels.instance }} differs from the store's clock`}}"
    description: "{{`The difference is {{ $value | humanizeDuration }}. Agents notice nothing yet; beyond 1 s, the process denies their calls with limits. Fix the time synchronization.`}}"
  - alert: GatewayStoreClockWrong
    expr: |-
      2 * count by (namespace) (abs(gateway_clock_ahead_seconds{ {{- $s -}} }) > {{ $t.clockAheadSeconds }})
      > (count by (namespace) (gateway_clock_ahead_seconds{ {{- $s -}} }) > 1)
    for: 1m
    severity: critical
    summary: "The store's clock differs from the clocks of most processes"
    description: "No silo leaves because of this. Beyond 1 s, agents' calls with limits are denied. If the database server's clock is wrong, step it rather than slew it."
  - alert: GatewayConfigRefused
    expr: gateway_config_valid{ {{- $s -}} } == 0
    for: 1m
    severity: warning
    summary: "{{`{{ $labels.instance }} rejects its configuration file`}}"
    description: "The last valid version stays in effect: agents are still subject to the previous rules, and a removed grant still works. Fix the problems that gateway status and the log show."
  - alert: GatewayFleetConfigDiffers
    expr: max by (namespace) (gateway_fleet_config_differs{ {{- $s -}} }) > 0
    for: 5m
    severity: warning
    summary: "Gateways that share a store have different configuration files"
    description: "If only maxima differ, the smallest applies to agents' calls; calls of limits that differ otherwise are unavailable. Give all gateways the same file, and stop a forgotten gateway."
  - alert: GatewayDocumentsRefused
    expr: max by (namespace) (gateway_control_problems{ {{- $s -}} }) > 0
    for: 5m
    severity: warning
    summary: "Stored servers, policies or grants are not in effect"
    description: "{{`{{ $value }} documents cannot be used, and agents' calls with the affected grants are refused. Correct or remove the documents that gateway status shows.`}}"
  - alert: GatewayControlStoreStale
    expr: gateway_control_age_seconds{ {{- $s -}} } > {{ $t.controlAgeSeconds }}
    for: 30s
    severity: critical
    summary: "{{`{{ $labels.instance }} cannot reach the control store`}}"
    description: "{{`It last reached the store {{ $value | humanizeDuration }} ago; after 4.5 s, it denies agents' calls. If one frontend is affected, check its network; if all are, check the store.`}}"
  - alert: GatewayControlLastKnown
    expr: gateway_control_last_known{ {{- $s -}} } == 1
    severity: warning
    summary: "{{`{{ $labels.instance }} decides by the last known grants and policies`}}"
    description: "It has lost the control store. Agents' calls with limits or approval are unavailable; other calls continue, even with a grant that is revoked or paused now. Restore the store; if a grant must end now, stop the frontends."
  - alert: GatewayUpstreamErrors
    expr: |-
      gateway:upstream_failures:ratio_rate5m{ {{- $release -}} } > 14.4 * {{ $budget }}
      and gateway:upstream_failures:ratio_rate1h{ {{- $release -}} } > 14.4 * {{ $budget }}
    for: 2m
    severity: critical
    summary: "{{`Calls to the server {{ $labels.server }} fail`}}"
    description: "{{`In 5 minutes, {{ $value | humanizePercentage }} of the calls failed, which uses up a month's error budget in 2 days. Agents get an error that states whether the call may have been executed. Check the server's address, network and logs; to stop calls, pause the server.`}}"
  - alert: GatewayUpstreamErrorsSlowly
    expr: |-
      gateway:upstream_failures:ratio_rate30m{ {{- $release -}} } > 6 * {{ $budget }}
      and gateway:upstream_failures:ratio_rate6h{ {{- $release -}} } > 6 * {{ $budget }}
    for: 15m
    severity: warning
    summary: "{{`Some calls to the server {{ $labels.server }} fail`}}"
    description: "{{`In 30 minutes, {{ $value | humanizePercentage }} of the calls failed, which uses up a month's error budget in 5 days. Agents get an error for these calls. Find the tool or the hour that fails, and report it to the server's owner.`}}"
  - alert: GatewayUpstreamSlow
    expr: gateway:upstream_seconds:p95_5m{ {{- $release -}} } > {{ $t.upstreamSlowSeconds }}
    for: 10m
    severity: warning
    summary: "{{`The server {{ $labels.server }} is slow`}}"
    description: "{{`1 in 20 calls waits longer than {{ $value | humanizeDuration }} for the head of its response. Agents wait; a call that an agent abandons still counts. Contact the server's owner, or limit the calls of its tools.`}}"
  - alert: GatewayRunawayAgent
    expr: sum by (namespace, grant) (rate(gateway_grant_messages_total{ {{- $s -}} ,outcome=~"denied|rate_limited"}[5m])) > {{ $t.runawayRefusedPerSecond }}
    for: 5m
    severity: warning
    summary: "{{`The agent of the grant {{ $labels.grant }} keeps calling after refusals`}}"
    description: "{{`{{ $value | humanize }} of its messages per second are refused, and the agent gets the same refusals again. Pause the grant; then contact the agent's owner, or raise the limit.`}}"
  - alert: GatewayBudgetNearlyUsed
    expr: max by (namespace, grant, server, counter, window) (gateway_counter_used_ratio{ {{- $s -}} }) > {{ $t.budgetUsedRatio }}
    for: 15m
    severity: warning
    summary: "{{`{{ $labels.grant }} has used {{ $value | humanizePercentage }} of {{ $labels.counter }} on {{ $labels.server }}`}}"
    description: "{{`When the {{ $labels.window }} window is used up, agents' calls that this counter counts are rate-limited. Do nothing if the limit is meant to stop them; otherwise raise the limit, pause the grant, or reset the counter.`}}"
  - alert: GatewayRateLimitServiceFailing
    expr: |-
      sum by (namespace) (rate(gateway_rls_requests_total{ {{- $s -}} ,status=~"unavailable|deadline_exceeded|resource_exhausted|internal"}[5m]))
      / sum by (namespace) (rate(gateway_rls_requests_total{ {{- $s -}} }[5m])) > {{ $t.rateLimitErrorRatio }}
    for: 5m
    severity: critical
    summary: "Proxies get no decision from the rate limit service"
    description: "{{`{{ $value | humanizePercentage }} of their requests end with an error. Proxies with failure_mode_deny refuse these requests, and other proxies let them through; agents at /mcp notice nothing. Find the cause by the status in gateway_rls_requests_total.`}}"
  - alert: GatewayRequestsOverdue
    expr: max by (namespace, instance) (gateway_requests_overdue{ {{- $s -}} }) > 0
    for: 5m
    severity: warning
    summary: "{{`{{ $labels.instance }} has requests open past their deadline`}}"
    description: "{{`{{ $value | humanize }} requests are open longer than the gateway's own time limit, so their agents may wait for a call that does not end. Unless a list of many pages is being read, restart the process, and report the defect with its log.`}}"
  - alert: GatewayProgramsRestarting
    expr: sum by (namespace, server) (increase(gateway_stdio_starts_total{ {{- $s -}} ,restart="true"}[10m])) > {{ $t.programRestarts }}
    severity: warning
    summary: "{{`The program of the server {{ $labels.server }} exits repeatedly`}}"
    description: "{{`It was restarted {{ $value | humanize }} times in 10 minutes. Agents lose their sessions, and calls in progress fail. Fix the program, its arguments, environment or ulimits.`}}"
  - alert: GatewayProgramsAtBound
    expr: |-
      sum by (namespace, instance) (gateway_stdio_children{ {{- $s -}} })
      / sum by (namespace, instance) (gateway_stdio_children_limit{ {{- $s -}} }) > {{ $t.programsRatio }}
    for: 5m
    severity: warning
    summary: "{{`{{ $labels.instance }} runs nearly its maximum number of programs`}}"
    description: "{{`{{ $value | humanizePercentage }} of the maximum is in use. At the maximum, agents' new sessions are refused unless a program is idle. Shorten idleSeconds, add frontends, or pause an agent that keeps opening sessions.`}}"
  - alert: GatewayMemoryRefused
    expr: sum by (namespace, bound) (rate(gateway_memory_refused_total{ {{- $s -}} }[5m])) > {{ $t.memoryRefusedPerSecond }}
    for: 5m
    severity: warning
    summary: "{{`Requests or responses exceed the memory bound {{ $labels.bound }}`}}"
    description: "{{`{{ $value | humanize }} per second are refused or cut off. Agents get 503 or 413, or a response that ends early and whose call counts. Find the grant in the log; then pause it, give the process more memory, or add frontends.`}}"
  - alert: GatewayDiskNearlyFull
    expr: gateway_data_free_bytes{ {{- $s -}} } / gateway_data_size_bytes{ {{- $s -}} } < {{ $t.dataFreeRatio }}
    for: 5m
    severity: warning
    summary: "{{`The data volume of {{ $labels.instance }} is nearly full`}}"
    description: "{{`{{ $value | humanizePercentage }} of it is free. When it is full, agents' calls are denied. Enlarge the volume, lower --audit-bytes, or move old files of the audit log.`}}"
  {{- if eq .Values.profile "cluster" }}
  - alert: GatewaySiloLost
    expr: (count(gateway_ready{ {{- $s -}} ,app_kubernetes_io_component="silo"} == 1) or vector(0)) < {{ include "policy-gateway.silosExpected" . }}
    for: 2m
    severity: critical
    summary: "Fewer silos are ready than expected"
    description: "{{`{{ $value }}`}} of {{ include "policy-gateway.silosExpected" . }} silos are ready; the others' counters move to them. Agents' calls on these counters wait or are unavailable for a few seconds, and reserved capacity may be lost. If a silo does not return by itself, check its CPU, network and clock."
  {{- end }}
{{- end -}}
