{{/* Each error names the value, the problem and a solution. All errors are reported together. */}}
{{- define "policy-gateway.validate" -}}
{{- $problems := list -}}
{{- range $check := list "profile" "store" "config" "plainSecrets" "scaling" "pods" "resources" "network" "clusterTls" "monitoring" -}}
{{- $found := include (printf "policy-gateway.validate.%s" $check) $ | fromJsonArray -}}
{{- $problems = concat $problems $found -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n\nThe values are invalid:\n- %s\n" (join "\n- " $problems)) -}}
{{- end -}}
{{- end -}}

{{- define "policy-gateway.validate.profile" -}}
{{- $problems := list -}}
{{- if not (has .Values.profile (list "single" "fleet" "cluster")) -}}
{{- $problems = append $problems (printf "profile is %q: set it to single, fleet or cluster" .Values.profile) -}}
{{- end -}}
{{- if not (has .Values.store.type (list "postgres" "azure")) -}}
{{- $problems = append $problems (printf "store.type is %q: set it to postgres or azure" .Values.store.type) -}}
{{- end -}}
{{- if and (eq .Values.profile "fleet") (eq .Values.store.type "azure") -}}
{{- $problems = append $problems "store.type is azure, but the profile fleet requires PostgreSQL: set store.type=postgres, or profile=cluster" -}}
{{- end -}}
{{- /* Defaults of the chart cannot be distinguished from values that the user set. */ -}}
{{- if and (eq .Values.profile "single") (or (ne (int .Values.frontends.replicas) 2) .Values.frontends.autoscaling.enabled) -}}
{{- $problems = append $problems "frontends.replicas or frontends.autoscaling is set, but the profile single runs one process: set profile=fleet or profile=cluster, or omit these values" -}}
{{- end -}}
{{- if and (ne .Values.profile "cluster") (or (ne (int .Values.silos.replicas) 3) .Values.silos.autoscaling.enabled) -}}
{{- $problems = append $problems (printf "silos.replicas or silos.autoscaling is set, but the profile %s has no silos: set profile=cluster, or omit these values" .Values.profile) -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.store" -}}
{{- $problems := list -}}
{{- $postgres := .Values.store.postgres -}}
{{- $azure := .Values.store.azure -}}
{{- if eq .Values.profile "single" -}}
{{- else if eq .Values.store.type "postgres" -}}
{{- $whole := and $postgres.existingSecret $postgres.existingSecretUrlKey -}}
{{- if and $postgres.existingSecretUrlKey (not $postgres.existingSecret) -}}
{{- $problems = append $problems "store.postgres.existingSecretUrlKey is set without a Secret: also set store.postgres.existingSecret" -}}
{{- end -}}
{{- if not (or $whole $postgres.host) -}}
{{- $problems = append $problems (printf "the profile %s requires a database: set store.postgres.host, or store.postgres.existingSecret and existingSecretUrlKey for a complete URL" .Values.profile) -}}
{{- end -}}
{{- if not (or $postgres.existingSecret (include "policy-gateway.storeSecretValue" .)) -}}
{{- $problems = append $problems "the database has no password: set store.postgres.password, or store.postgres.existingSecret" -}}
{{- end -}}
{{- if and $postgres.password $postgres.existingSecret -}}
{{- $problems = append $problems "store.postgres.password and store.postgres.existingSecret are both set: keep one" -}}
{{- end -}}
{{- else if $azure.workloadIdentity.enabled -}}
{{- if not (and $azure.account $azure.workloadIdentity.clientId) -}}
{{- $problems = append $problems "workload identity requires store.azure.account and store.azure.workloadIdentity.clientId" -}}
{{- end -}}
{{- if or $azure.existingSecret $azure.connectionString -}}
{{- $problems = append $problems "store.azure.workloadIdentity is enabled and a connection string is set: keep one" -}}
{{- end -}}
{{- else if not (or $azure.existingSecret (include "policy-gateway.storeSecretValue" .)) -}}
{{- $problems = append $problems "no storage account is set: set store.azure.connectionString, store.azure.existingSecret, or store.azure.workloadIdentity.enabled with store.azure.account" -}}
{{- else if and $azure.existingSecret $azure.connectionString -}}
{{- $problems = append $problems "store.azure.connectionString and store.azure.existingSecret are both set: keep one" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.config" -}}
{{- $problems := list -}}
{{- $config := .Values.config -}}
{{- $written := or $config.servers $config.policies $config.grants $config.publicUrl $config.allowedOrigins $config.allowedHosts $config.trustedProxies .Values.policyFiles -}}
{{- if and .Values.existingConfigMap $written -}}
{{- $problems = append $problems (printf "existingConfigMap is %q, so config and policyFiles would be ignored: move them into that ConfigMap, or leave existingConfigMap empty" .Values.existingConfigMap) -}}
{{- end -}}
{{- if and .Values.existingConfigMapItems (not .Values.existingConfigMap) -}}
{{- $problems = append $problems "existingConfigMapItems is set without existingConfigMap: also set existingConfigMap" -}}
{{- end -}}
{{- range $name, $policy := $config.policies -}}
{{- $file := get $policy "file" | default "" -}}
{{- if and $file (not (hasKey $.Values.policyFiles (trimPrefix "policies/" $file))) -}}
{{- $problems = append $problems (printf "config.policies.%s refers to %q: add the key %q to policyFiles" $name $file (trimPrefix "policies/" $file)) -}}
{{- else if and $file (not (hasPrefix "policies/" $file)) -}}
{{- $problems = append $problems (printf "config.policies.%s refers to %q: write %q, because policyFiles are mounted there" $name $file (printf "policies/%s" $file)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $content := .Values.policyFiles -}}
{{- if kindIs "string" $content -}}
{{- with get (fromJson $content) "Error" -}}
{{- $problems = append $problems (printf "policyFiles.%s is not valid JSON, so pods would fail to start: %s. To locate the error, run gateway policy validate %s" $name . $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.adminKey.value .Values.adminKey.existingSecret -}}
{{- $problems = append $problems "adminKey.value and adminKey.existingSecret are both set: keep one" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{/* Returns "true" if a text is a secret in plain text, without ${NAME}. */}}
{{- define "policy-gateway.isPlain" -}}
{{- if and . (not (regexMatch "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" (toString .))) }}true{{ end -}}
{{- end -}}

{{- define "policy-gateway.validate.plainSecrets" -}}
{{- $places := list -}}
{{- range $name, $grant := .Values.config.grants -}}
{{- if include "policy-gateway.isPlain" (get $grant "token") }}{{ $places = append $places (printf "config.grants.%s.token" $name) }}{{ end -}}
{{- end -}}
{{- range $name, $server := .Values.config.servers -}}
{{- range $header, $value := get $server "headers" | default dict -}}
{{- if and (regexMatch "(?i)authorization|cookie|token|secret|key|password" $header) (include "policy-gateway.isPlain" $value) -}}
{{- $places = append $places (printf "config.servers.%s.headers.%s" $name $header) -}}
{{- end -}}
{{- end -}}
{{- range $variable, $value := get $server "env" | default dict -}}
{{- if and (regexMatch "(?i)token|secret|key|password" $variable) (include "policy-gateway.isPlain" $value) -}}
{{- $places = append $places (printf "config.servers.%s.env.%s" $name $variable) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if include "policy-gateway.isPlain" (get (.Values.config.admin | default dict) "key") }}{{ $places = append $places "config.admin.key" }}{{ end -}}
{{- $problems := list -}}
{{- range $places -}}
{{- $problems = append $problems (printf "%s is in plain text and would be readable in a ConfigMap: write ${NAME} and set NAME with secretEnv or envFrom" .) -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.scaling" -}}
{{- $problems := list -}}
{{- $components := dict "single" list "fleet" (list "frontends") "cluster" (list "frontends" "silos") -}}
{{- range $name := get $components .Values.profile | default list -}}
{{- $component := get $.Values $name -}}
{{- $scaling := $component.autoscaling -}}
{{- $budget := $component.podDisruptionBudget -}}
{{- $least := ternary (int $scaling.minReplicas) (int $component.replicas) $scaling.enabled -}}
{{- if $scaling.enabled -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- $problems = append $problems (printf "%s.autoscaling.minReplicas is above maxReplicas" $name) -}}
{{- end -}}
{{- $keda := $scaling.keda | default dict -}}
{{- $open := int (get $scaling "targetOpenCalls") -}}
{{- $further := ternary (get $keda "triggers") $scaling.metrics (get $keda "enabled" | default false) -}}
{{- if not (or (int $scaling.targetCPUUtilizationPercentage) $open $further) -}}
{{- $problems = append $problems (printf "%s.autoscaling has no metric: set targetCPUUtilizationPercentage or metrics" $name) -}}
{{- end -}}
{{- if and (get $keda "enabled") $scaling.metrics -}}
{{- $problems = append $problems (printf "%s.autoscaling.metrics is only for a HorizontalPodAutoscaler: with KEDA, set keda.triggers" $name) -}}
{{- end -}}
{{- if and (get $keda "enabled") $open (not (get $keda "prometheus")) -}}
{{- $problems = append $problems (printf "%s.autoscaling.targetOpenCalls requires Prometheus with KEDA: set %s.autoscaling.keda.prometheus" $name $name) -}}
{{- end -}}
{{- if and (int $scaling.targetCPUUtilizationPercentage) (not (dig "requests" "cpu" "" ($component.resources | default dict))) -}}
{{- $problems = append $problems (printf "%s.autoscaling requires a CPU request: set %s.resources.requests.cpu" $name $name) -}}
{{- end -}}
{{- end -}}
{{- if $budget.enabled -}}
{{- $minimum := include "policy-gateway.isSet" $budget.minAvailable -}}
{{- $maximum := include "policy-gateway.isSet" $budget.maxUnavailable -}}
{{- if eq $minimum $maximum -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget requires exactly one of minAvailable and maxUnavailable: set the other to \"\"" $name) -}}
{{- else if and $minimum (not (kindIs "string" $budget.minAvailable)) -}}
{{- if ge (int $budget.minAvailable) $least -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget.minAvailable is %d of %d pods, so no node could be drained: increase the number of pods, or decrease minAvailable" $name (int $budget.minAvailable) $least) -}}
{{- end -}}
{{- else if $minimum -}}
{{- $kept := ceil (divf (mulf (trimSuffix "%" $budget.minAvailable | float64) $least) 100) | int -}}
{{- if ge $kept $least -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget.minAvailable is %s of %d pods, rounded up to %d, so no node could be drained: decrease it, or set maxUnavailable" $name $budget.minAvailable $least $kept) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.pods" -}}
{{- $problems := list -}}
{{- range $name := list "single" "frontends" "silos" -}}
{{- $component := get $.Values $name -}}
{{- $least := add (int $component.preStopSleepSeconds) (int $component.shutdownSeconds) 10 -}}
{{- if lt (int $component.terminationGracePeriodSeconds) (int $least) -}}
{{- $problems = append $problems (printf "%s.terminationGracePeriodSeconds is %d, so the process would be killed during shutdown: set it to at least %d (preStopSleepSeconds + shutdownSeconds + 10)" $name (int $component.terminationGracePeriodSeconds) $least) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "single" "frontends" "silos" -}}
{{- $component := get $.Values $name -}}
{{- if and (eq $component.dnsPolicy "None") (not (get ($component.dnsConfig | default dict) "nameservers")) -}}
{{- $problems = append $problems (printf "%s.dnsPolicy is None, so the pods could not resolve names: set %s.dnsConfig.nameservers" $name $name) -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.single.persistence.enabled) .Values.single.persistence.existingClaim -}}
{{- $problems = append $problems "single.persistence.existingClaim is set, but single.persistence.enabled is false: enable persistence, or omit the claim" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{/* Converts a Kubernetes quantity to a number. */}}
{{- define "policy-gateway.amount" -}}
{{- $factors := dict "" 1.0 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0 -}}
{{- $number := regexFind "^[0-9.]+([eE][-+]?[0-9]+)?" (toString .) | float64 -}}
{{- mulf $number (get $factors (regexFind "[A-Za-z]+$" (toString .))) -}}
{{- end -}}

{{- define "policy-gateway.validate.resources" -}}
{{- $problems := list -}}
{{- range $name := list "single" "frontends" "silos" -}}
{{- $resources := (get $.Values $name).resources | default dict -}}
{{- $limits := get $resources "limits" | default dict -}}
{{- range $what, $request := get $resources "requests" | default dict -}}
{{- if and (hasKey $limits $what) (gt (include "policy-gateway.amount" $request | float64) (include "policy-gateway.amount" (get $limits $what) | float64)) -}}
{{- $problems = append $problems (printf "%s.resources.requests.%s is %v, above its limit of %v, so Kubernetes would reject the pod: increase the limit, or decrease the request" $name $what $request (get $limits $what)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.network" -}}
{{- $problems := list -}}
{{- $tls := .Values.tls -}}
{{- if and $tls.enabled (not $tls.existingSecret) -}}
{{- $problems = append $problems "tls.enabled requires a certificate: set tls.existingSecret to a Secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- if and $tls.admin.enabled (not (or $tls.admin.existingSecret $tls.existingSecret)) -}}
{{- $problems = append $problems "tls.admin.enabled requires a certificate: set tls.admin.existingSecret, or tls.existingSecret, to a Secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- $problems = append $problems "ingress is enabled without hosts: set ingress.hosts, each with a host" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- $problems = append $problems "httpRoute is enabled without parentRefs: set httpRoute.parentRefs to the Gateway to which it attaches" -}}
{{- end -}}
{{- if and .Values.registry.enabled (eq .Values.profile "cluster") -}}
{{- $problems = append $problems "registry.enabled requires the profile single or fleet: gateway-cluster has no registry for clients" -}}
{{- end -}}
{{- $limits := .Values.rateLimitService -}}
{{- if and $limits.enabled (not $limits.limits) -}}
{{- $problems = append $problems "rateLimitService is enabled without limits: set rateLimitService.limits, with one file for each domain" -}}
{{- end -}}
{{- if and $limits.enabled (not (or $limits.existingSecret $limits.clientCaSecret)) -}}
{{- $problems = append $problems "rateLimitService requires client authentication: set rateLimitService.existingSecret, with tokens, or rateLimitService.clientCaSecret" -}}
{{- end -}}
{{- if and $limits.clientCaSecret (not $tls.enabled) -}}
{{- $problems = append $problems "rateLimitService.clientCaSecret requires tls.enabled: without TLS, clients send no certificate" -}}
{{- end -}}
{{- $ports := list 9090 (int .Values.silos.siloPort) (int .Values.silos.clientPort) -}}
{{- if lt (len (uniq $ports)) 3 -}}
{{- $problems = append $problems "silos.siloPort, silos.clientPort and the admin port 9090 must differ" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.clusterTls" -}}
{{- $problems := list -}}
{{- $tls := .Values.clusterTls -}}
{{- if not (has $tls.source (list "generate" "certManager" "existingSecrets" "none")) -}}
{{- $problems = append $problems (printf "clusterTls.source is %q: set it to generate, certManager, existingSecrets or none" $tls.source) -}}
{{- else if and (eq $tls.source "existingSecrets") (not (and $tls.existingSecrets.silo $tls.existingSecrets.frontend)) -}}
{{- $problems = append $problems "clusterTls.source is existingSecrets: set clusterTls.existingSecrets.silo and clusterTls.existingSecrets.frontend to Secrets of type kubernetes.io/tls with ca.crt" -}}
{{- else if and (eq $tls.source "certManager") (not $tls.certManager.issuerRef.name) -}}
{{- $problems = append $problems "clusterTls.source is certManager: set clusterTls.certManager.issuerRef.name to an issuer with a private CA" -}}
{{- end -}}
{{- if and $tls.existingSecrets.silo (eq $tls.existingSecrets.silo $tls.existingSecrets.frontend) -}}
{{- $problems = append $problems "clusterTls.existingSecrets.silo and clusterTls.existingSecrets.frontend are the same Secret: a frontend must not have the silos' key, so use separate Secrets" -}}
{{- end -}}
{{- if and (eq .Values.profile "cluster") (ne $tls.source "none") (not (regexMatch "^[A-Za-z0-9.-]+$" (include "policy-gateway.clusterId" .))) -}}
{{- $problems = append $problems "silos.clusterId is part of the DNS name in the certificates: use letters, digits, hyphens and dots, or set clusterTls.source=none" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.monitoring" -}}
{{- $problems := list -}}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled -}}
{{- $problems = append $problems "serviceMonitor and podMonitor are both enabled, so every process would be scraped twice: keep one" -}}
{{- end -}}
{{- $alerts := list "GatewaySiloLost" -}}
{{- range (include "policy-gateway.alerts" . | fromYaml).rules }}{{ $alerts = append $alerts .alert }}{{ end -}}
{{- range .Values.prometheusRule.disabled -}}
{{- if not (has . $alerts) -}}
{{- $problems = append $problems (printf "prometheusRule.disabled contains %s, but no alert has this name: docs/how-to/runbook.md lists the alerts" .) -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}
