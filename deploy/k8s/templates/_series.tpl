{{/* Label matchers for the series of this release: the labels that its monitor adds, unless a selector is set. */}}
{{- define "policy-gateway.series" -}}
{{- $own := ternary `pod=~"%s-(single|frontend|silo)-.*"` `service=~"%s-(admin|silo)"` .Values.podMonitor.enabled -}}
{{- $own = printf $own (include "policy-gateway.fullname" .) -}}
{{- .Values.prometheusRule.selector | default (printf `job="%s",namespace="%s",%s` (include "policy-gateway.name" .) .Release.Namespace $own) -}}
{{- end -}}

{{/* Expected number of silos; with autoscaling, the minimum. */}}
{{- define "policy-gateway.silosExpected" -}}
{{- ternary .Values.silos.autoscaling.minReplicas .Values.silos.replicas .Values.silos.autoscaling.enabled | int -}}
{{- end -}}

{{/* URL of the runbook; empty if the chart contains only the placeholder for the repository's URL. */}}
{{- define "policy-gateway.runbook" -}}
{{- $home := ternary "" .Chart.Home (hasSuffix ".example" .Chart.Home) -}}
{{- with $home }}{{ $home = printf "%s/blob/main/docs/how-to/runbook.md" (. | trimSuffix "/") }}{{ end -}}
{{- .Values.prometheusRule.runbookUrl | default $home -}}
{{- end -}}
