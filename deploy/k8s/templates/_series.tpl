{{/* Matchers of the series of this release: as its monitor labels them, unless other ones are given. */}}
{{- define "policy-gateway.series" -}}
{{- $own := ternary `pod=~"%s-(single|frontend|silo)-.*"` `service=~"%s-(admin|silo)"` .Values.podMonitor.enabled -}}
{{- $own = printf $own (include "policy-gateway.fullname" .) -}}
{{- .Values.prometheusRule.selector | default (printf `job="%s",namespace="%s",%s` (include "policy-gateway.name" .) .Release.Namespace $own) -}}
{{- end -}}

{{/* Silos that there should be; the least where they scale by themselves. */}}
{{- define "policy-gateway.silosExpected" -}}
{{- ternary .Values.silos.autoscaling.minReplicas .Values.silos.replicas .Values.silos.autoscaling.enabled | int -}}
{{- end -}}

{{- define "policy-gateway.runbook" -}}
{{- .Values.prometheusRule.runbookUrl | default (printf "%s/blob/main/docs/how-to/runbook.md" (.Chart.Home | trimSuffix "/")) -}}
{{- end -}}
