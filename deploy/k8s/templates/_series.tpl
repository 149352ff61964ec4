{{/* Matchers of the series of this release: as the ServiceMonitor labels them, unless other ones are given. */}}
{{- define "policy-gateway.series" -}}
{{- .Values.prometheusRule.selector | default (printf `job="%s",namespace="%s",service=~"%s-(admin|silo)"` (include "policy-gateway.name" .) .Release.Namespace (include "policy-gateway.fullname" .)) -}}
{{- end -}}

{{/* Silos that there should be; the least where they scale by themselves. */}}
{{- define "policy-gateway.silosExpected" -}}
{{- ternary .Values.silos.autoscaling.minReplicas .Values.silos.replicas .Values.silos.autoscaling.enabled | int -}}
{{- end -}}

{{- define "policy-gateway.runbook" -}}
{{- .Values.prometheusRule.runbookUrl | default (printf "%s/blob/main/docs/runbook.md" (.Chart.Home | trimSuffix "/")) -}}
{{- end -}}
