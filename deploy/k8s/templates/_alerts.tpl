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
    description: "The process is gone, or hangs, or its admin port cannot be reached."
  - alert: GatewayAbsent
    expr: absent(up{ {{- $s -}} } == 1)
    for: 5m
    severity: critical
    summary: "No process of {{ .Release.Name }} can be scraped"
    description: "Every process is down, or Prometheus no longer finds any of them."
  - alert: GatewayNotReady
    expr: (gateway_ready{ {{- $s -}} } == 0) unless ignoring (cause) (gateway_fault{ {{- $s -}} ,cause="draining"} == 1)
    for: 1m
    severity: critical
    summary: "{{`{{ $labels.instance }} denies calls`}}"
    description: "The process runs but is not ready; gateway_fault shows the cause."
  - alert: GatewayEngineUnavailable
    expr: sum by (namespace) (rate(gateway_refusals_total{ {{- $s -}} ,reason="engine_unavailable"}[5m])) > {{ $t.engineUnavailablePerSecond }}
    for: 2m
    severity: critical
    summary: "Calls are unavailable because limits cannot be counted"
    description: "{{`{{ $value | humanize }} calls per second are refused as unavailable by the rule (engine unavailable).`}}"
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
    summary: "The reservation store does not respond to some requests"
    description: "{{`{{ $value | humanizePercentage }} of the reads and writes have no known outcome.`}}"
  - alert: GatewayStoreSlow
    expr: gateway:store_seconds:p99_5m{ {{- $release -}} } > {{ $t.storeSlowSeconds }}
    for: 10m
    severity: warning
    summary: "{{`The reservation store is slow to {{ $labels.operation }}`}}"
    description: "{{`1 of 100 responses takes longer than {{ $value | humanizeDuration }}.`}}"
  - alert: GatewayAdmissionSlow
    expr: gateway:admission_seconds:p99_5m{ {{- $release -}} } > {{ $t.admissionSlowSeconds }}
    for: 10m
    severity: warning
    summary: "Decisions take long"
    description: "{{`1 of 100 messages waits longer than {{ $value | humanizeDuration }} for its decision.`}}"
  - alert: GatewayNoAdmissions
    expr: |-
      (sum by (namespace, server) (increase(gateway_decisions_total{ {{- $s -}} ,outcome!~"allowed|unavailable"}[10m])) > {{ $t.noAdmissionsCalls }})
      unless (sum by (namespace, server) (increase(gateway_decisions_total{ {{- $s -}} ,outcome="allowed"}[10m])) > 0)
    for: 5m
    severity: warning
    summary: "{{`No call to {{ $labels.server }} is allowed`}}"
    description: "{{`{{ $value | humanize }} calls were refused in 10 minutes and none was allowed.`}}"
  - alert: GatewayAuditQueueFull
    expr: gateway_audit_queued{ {{- $s -}} } / gateway_audit_queue_limit{ {{- $s -}} } > {{ $t.auditQueueRatio }}
    for: 1m
    severity: warning
    summary: "{{`The audit log of {{ $labels.instance }} cannot keep up`}}"
    description: "{{`{{ $value | humanizePercentage }} of the queue is used; at its bound calls wait, then are denied.`}}"
  - alert: GatewayAuditFailing
    expr: |-
      (max by (namespace, instance) (increase(gateway_audit_lost_total{ {{- $s -}} }[5m])) > 0)
      or (max by (namespace, instance) (gateway_fault{ {{- $s -}} ,cause="audit"}) == 1)
    severity: critical
    summary: "{{`{{ $labels.instance }} cannot write its audit log`}}"
    description: "A call that cannot be recorded is denied."
  - alert: GatewayAuditSinkAway
    expr: |-
      max by (namespace, instance, sink) (gateway_audit_sink_lag_bytes{ {{- $s -}} }) > 0
      and max by (namespace, instance, sink) (increase(gateway_audit_sink_failures_total{ {{- $s -}} }[5m])) > 0
      unless max by (namespace, instance, sink) (increase(gateway_audit_sink_records_total{ {{- $s -}} }[5m])) > 0
    for: 10m
    severity: warning
    summary: "{{`The audit sink {{ $labels.sink }} accepts nothing from {{ $labels.instance }}`}}"
    description: "{{`It is {{ $value | humanize1024 }}B behind. With \"block\" calls are denied once that fills the audit log; with \"drop\" it is lost to the sink.`}}"
  - alert: GatewayAuditSinkLost
    expr: |-
      (max by (namespace, instance, sink) (increase(gateway_audit_sink_lost_bytes_total{ {{- $s -}} }[15m])) > 0)
      or (max by (namespace, instance, sink) (increase(gateway_audit_sink_rejected_total{ {{- $s -}} }[15m])) > 0)
    severity: critical
    summary: "{{`Records of {{ $labels.instance }} are missing in the audit sink {{ $labels.sink }}`}}"
    description: "They were deleted before it received them, or it rejected them permanently."
  - alert: GatewayApprovalsWaiting
    expr: |-
      max by (namespace) (
        gateway_approvals_age_seconds{ {{- $s -}} } > {{ $t.approvalWaitSeconds }}
        or (gateway_approvals_age_seconds{ {{- $s -}} } and gateway_approvals_waited_ratio{ {{- $s -}} } > {{ $t.approvalWaitRatio }})
      )
    severity: warning
    summary: "A call waits for a person"
    description: "{{`The oldest request for approval has waited for {{ $value | humanizeDuration }}.`}}"
  - alert: GatewayClockWrong
    expr: gateway_fault{ {{- $s -}} ,cause="clock"} == 1
    severity: critical
    summary: "{{`The clock of {{ $labels.instance }} cannot be trusted`}}"
    description: "It jumped ahead or differs too much from the store's; a silo leaves, any other process denies calls until they agree."
  - alert: GatewayClockDrifting
    expr: abs(gateway_clock_ahead_seconds{ {{- $s -}} }) > {{ $t.clockAheadSeconds }}
    for: 2m
    severity: warning
    summary: "{{`The clock of {{ $labels.instance }} drifts from the store's`}}"
    description: "{{`It is {{ $value | humanizeDuration }} off; beyond 1 s the process denies calls.`}}"
  - alert: GatewayStoreClockWrong
    expr: |-
      2 * count by (namespace) (abs(gateway_clock_ahead_seconds{ {{- $s -}} }) > {{ $t.clockAheadSeconds }})
      > (count by (namespace) (gateway_clock_ahead_seconds{ {{- $s -}} }) > 1)
    for: 1m
    severity: critical
    summary: "The store's clock differs from most of the fleet's"
    description: "No silo leaves because of this; beyond 1 s calls with limits are denied."
  - alert: GatewayConfigRefused
    expr: gateway_config_valid{ {{- $s -}} } == 0
    for: 1m
    severity: warning
    summary: "{{`{{ $labels.instance }} rejects its configuration file`}}"
    description: "The last valid one stays active, so later changes have no effect."
  - alert: GatewayFleetConfigDiffers
    expr: max by (namespace) (gateway_fleet_config_differs{ {{- $s -}} }) > 0
    for: 5m
    severity: warning
    summary: "Gateways that share a store have different configuration files"
    description: "Where only maxima differ, the smallest applies; calls of limits that differ otherwise are refused."
  - alert: GatewayDocumentsRefused
    expr: max by (namespace) (gateway_control_problems{ {{- $s -}} }) > 0
    for: 5m
    severity: warning
    summary: "Some control documents are stored but not active"
    description: "{{`{{ $value }} servers, policies or grants cannot be used as they are.`}}"
  - alert: GatewayControlStoreStale
    expr: gateway_control_age_seconds{ {{- $s -}} } > {{ $t.controlAgeSeconds }}
    for: 30s
    severity: critical
    summary: "{{`{{ $labels.instance }} does not reach the control store`}}"
    description: "{{`It was last reached {{ $value | humanizeDuration }} ago; after 5 s the process denies calls.`}}"
  - alert: GatewayControlLastKnown
    expr: gateway_control_last_known{ {{- $s -}} } == 1
    severity: warning
    summary: "{{`{{ $labels.instance }} continues without its control store`}}"
    description: "Calls without limits use the last known grants and policies; a grant that is revoked or paused now is served until this ends."
  - alert: GatewayUpstreamErrors
    expr: |-
      gateway:upstream_failures:ratio_rate5m{ {{- $release -}} } > 14.4 * {{ $budget }}
      and gateway:upstream_failures:ratio_rate1h{ {{- $release -}} } > 14.4 * {{ $budget }}
    for: 2m
    severity: critical
    summary: "{{`The server {{ $labels.server }} fails`}}"
    description: "{{`{{ $value | humanizePercentage }} of its calls have failed for 5 minutes: a month's budget of errors is gone in 2 days.`}}"
  - alert: GatewayUpstreamErrorsSlowly
    expr: |-
      gateway:upstream_failures:ratio_rate30m{ {{- $release -}} } > 6 * {{ $budget }}
      and gateway:upstream_failures:ratio_rate6h{ {{- $release -}} } > 6 * {{ $budget }}
    for: 15m
    severity: warning
    summary: "{{`The server {{ $labels.server }} fails now and then`}}"
    description: "{{`{{ $value | humanizePercentage }} of its calls have failed for 30 minutes: a month's budget of errors is gone in 5 days.`}}"
  - alert: GatewayUpstreamSlow
    expr: gateway:upstream_seconds:p95_5m{ {{- $release -}} } > {{ $t.upstreamSlowSeconds }}
    for: 10m
    severity: warning
    summary: "{{`The server {{ $labels.server }} is slow`}}"
    description: "{{`1 of 20 calls waits longer than {{ $value | humanizeDuration }} for the head of its response.`}}"
  - alert: GatewayRunawayAgent
    expr: sum by (namespace, grant) (rate(gateway_grant_messages_total{ {{- $s -}} ,outcome=~"denied|rate_limited"}[5m])) > {{ $t.runawayRefusedPerSecond }}
    for: 5m
    severity: warning
    summary: "{{`The agent of the grant {{ $labels.grant }} keeps calling after refusals`}}"
    description: "{{`{{ $value | humanize }} of its messages per second are refused.`}}"
  - alert: GatewayBudgetNearlyUsed
    expr: max by (namespace, grant, server, counter, window) (gateway_counter_used_ratio{ {{- $s -}} }) > {{ $t.budgetUsedRatio }}
    for: 15m
    severity: warning
    summary: "{{`{{ $labels.grant }} has used {{ $value | humanizePercentage }} of {{ $labels.counter }} on {{ $labels.server }}`}}"
    description: "{{`Calls that it counts are refused when the rest of its {{ $labels.window }} window is used.`}}"
  - alert: GatewayRateLimitServiceFailing
    expr: |-
      sum by (namespace) (rate(gateway_rls_requests_total{ {{- $s -}} ,status=~"unavailable|deadline_exceeded|resource_exhausted|internal"}[5m]))
      / sum by (namespace) (rate(gateway_rls_requests_total{ {{- $s -}} }[5m])) > {{ $t.rateLimitErrorRatio }}
    for: 5m
    severity: critical
    summary: "Proxies get no decision from the rate limit service"
    description: "{{`{{ $value | humanizePercentage }} of their requests end with an error.`}}"
  - alert: GatewayRequestsOverdue
    expr: max by (namespace, instance) (gateway_requests_overdue{ {{- $s -}} }) > 0
    for: 5m
    severity: warning
    summary: "{{`{{ $labels.instance }} has requests open past their deadline`}}"
    description: "{{`{{ $value | humanize }} requests are open longer than the gateway itself may take.`}}"
  - alert: GatewayProgramsRestarting
    expr: sum by (namespace, server) (increase(gateway_stdio_starts_total{ {{- $s -}} ,restart="true"}[10m])) > {{ $t.programRestarts }}
    severity: warning
    summary: "{{`The program of the server {{ $labels.server }} keeps ending`}}"
    description: "{{`It was restarted {{ $value | humanize }} times in 10 minutes.`}}"
  - alert: GatewayProgramsAtBound
    expr: |-
      sum by (namespace, instance) (gateway_stdio_children{ {{- $s -}} })
      / sum by (namespace, instance) (gateway_stdio_children_limit{ {{- $s -}} }) > {{ $t.programsRatio }}
    for: 5m
    severity: warning
    summary: "{{`{{ $labels.instance }} runs nearly as many programs as it may`}}"
    description: "{{`{{ $value | humanizePercentage }} of the bound are taken; beyond it a new session gets no program.`}}"
  - alert: GatewayMemoryRefused
    expr: sum by (namespace, bound) (rate(gateway_memory_refused_total{ {{- $s -}} }[5m])) > {{ $t.memoryRefusedPerSecond }}
    for: 5m
    severity: warning
    summary: "{{`Requests or responses get no memory, by the bound of {{ $labels.bound }}`}}"
    description: "{{`{{ $value | humanize }} per second are refused or ended.`}}"
  - alert: GatewayDiskNearlyFull
    expr: gateway_data_free_bytes{ {{- $s -}} } / gateway_data_size_bytes{ {{- $s -}} } < {{ $t.dataFreeRatio }}
    for: 5m
    severity: warning
    summary: "{{`The volume of the data directory of {{ $labels.instance }} is nearly full`}}"
    description: "{{`{{ $value | humanizePercentage }} of it is free; when it is full, every call is denied.`}}"
  {{- if eq .Values.profile "cluster" }}
  - alert: GatewaySiloLost
    expr: (count(gateway_ready{ {{- $s -}} ,app_kubernetes_io_component="silo"} == 1) or vector(0)) < {{ include "policy-gateway.silosExpected" . }}
    for: 2m
    severity: critical
    summary: "Fewer silos count than there should be"
    description: "{{`{{ $value }}`}} of {{ include "policy-gateway.silosExpected" . }} silos are ready; the others' counters move to them."
  {{- end }}
{{- end -}}
