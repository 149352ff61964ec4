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

{{/* The address of the runbook; empty where the chart has only the placeholder of its repository's address. */}}
{{- define "policy-gateway.runbook" -}}
{{- $home := ternary "" .Chart.Home (hasSuffix ".example" .Chart.Home) -}}
{{- with $home }}{{ $home = printf "%s/blob/main/docs/how-to/runbook.md" (. | trimSuffix "/") }}{{ end -}}
{{- .Values.prometheusRule.runbookUrl | default $home -}}
{{- end -}}
