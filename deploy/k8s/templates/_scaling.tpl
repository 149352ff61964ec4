{{/* Takes root, component and values. */}}
{{- define "policy-gateway.autoscaler" -}}
{{- $autoscaling := .values.autoscaling -}}
{{- if get ($autoscaling.keda | default dict) "enabled" -}}
{{ include "policy-gateway.scaledObject" . }}
{{- else -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "policy-gateway.metadata" (dict "root" .root "component" .component "name" .component) | nindent 2 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "policy-gateway.fullname" .root }}-{{ .component }}
  minReplicas: {{ int $autoscaling.minReplicas }}
  maxReplicas: {{ int $autoscaling.maxReplicas }}
  metrics:
    {{- with int $autoscaling.targetCPUUtilizationPercentage }}
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ . }}
    {{- end }}
    {{- with int (get $autoscaling "targetOpenCalls") }}
    - type: Pods
      pods:
        metric:
          name: gateway_calls_open
        target:
          type: AverageValue
          averageValue: {{ . | quote }}
    {{- end }}
    {{- with $autoscaling.metrics }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with $autoscaling.behavior }}
  behavior:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
{{- end -}}

{{/* Takes root, component and values. KEDA creates a HorizontalPodAutoscaler from it. If Prometheus does not respond, the
number of pods stays the same, or grows by CPU. */}}
{{- define "policy-gateway.scaledObject" -}}
{{- $autoscaling := .values.autoscaling -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "policy-gateway.metadata" (dict "root" .root "component" .component "name" .component) | nindent 2 }}
spec:
  scaleTargetRef:
    name: {{ include "policy-gateway.fullname" .root }}-{{ .component }}
  minReplicaCount: {{ int $autoscaling.minReplicas }}
  maxReplicaCount: {{ int $autoscaling.maxReplicas }}
  {{- with $autoscaling.behavior }}
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        {{- toYaml . | nindent 8 }}
  {{- end }}
  triggers:
    {{- with int $autoscaling.targetCPUUtilizationPercentage }}
    - type: cpu
      metricType: Utilization
      metadata:
        value: {{ . | quote }}
    {{- end }}
    {{- with int $autoscaling.targetOpenCalls }}
    - type: prometheus
      metricType: AverageValue
      metadata:
        serverAddress: {{ $autoscaling.keda.prometheus | quote }}
        query: {{ printf "sum(gateway_calls_open{%s})" (include "policy-gateway.series" $.root) | quote }}
        threshold: {{ . | quote }}
    {{- end }}
    {{- with $autoscaling.keda.triggers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* Returns "true" if a value of a disruption budget is set; 0 is a set value. */}}
{{- define "policy-gateway.isSet" -}}
{{- if not (or (kindIs "invalid" .) (eq (toString .) "")) }}true{{ end -}}
{{- end -}}

{{/* Takes a component's values. With autoscaling, a fixed number of pods would be too low after a scale-up. It is therefore
converted to a percentage of the minimum replicas, rounded down, which at the minimum still keeps that number. */}}
{{- define "policy-gateway.minAvailable" -}}
{{- $minimum := .podDisruptionBudget.minAvailable -}}
{{- if and .autoscaling.enabled (not (kindIs "string" $minimum)) -}}
{{- printf "%d%%" (div (mul 100 (int $minimum)) (int .autoscaling.minReplicas)) | quote -}}
{{- else -}}
{{- $minimum -}}
{{- end -}}
{{- end -}}

{{/* Takes root, component and values. */}}
{{- define "policy-gateway.disruptionBudget" -}}
{{- $budget := .values.podDisruptionBudget -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "policy-gateway.metadata" (dict "root" .root "component" .component "name" .component) | nindent 2 }}
spec:
  {{- if include "policy-gateway.isSet" $budget.minAvailable }}
  minAvailable: {{ include "policy-gateway.minAvailable" .values }}
  {{- else }}
  maxUnavailable: {{ $budget.maxUnavailable }}
  {{- end }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "policy-gateway.selectorLabels" . | nindent 6 }}
{{- end -}}
