{{/* Every refusal names the value, what is wrong, and a way out. All of them at once. */}}
{{- define "policy-gateway.validate" -}}
{{- $problems := list -}}
{{- range $check := list "profile" "store" "config" "plainSecrets" "scaling" "pods" "network" "monitoring" -}}
{{- $found := include (printf "policy-gateway.validate.%s" $check) $ | fromJsonArray -}}
{{- $problems = concat $problems $found -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n\nThese values cannot work:\n- %s\n" (join "\n- " $problems)) -}}
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
{{- $problems = append $problems "store.type is azure, but the profile fleet counts in PostgreSQL: set store.type=postgres, or profile=cluster" -}}
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
{{- $problems = append $problems "store.postgres.existingSecretUrlKey names a key of no Secret: set store.postgres.existingSecret too" -}}
{{- end -}}
{{- if not (or $whole $postgres.host) -}}
{{- $problems = append $problems (printf "the profile %s needs a database: set store.postgres.host, or store.postgres.existingSecret and existingSecretUrlKey for a whole URL" .Values.profile) -}}
{{- end -}}
{{- if not (or $postgres.existingSecret (include "policy-gateway.storeSecretValue" .)) -}}
{{- $problems = append $problems "the database has no password: set store.postgres.password, or store.postgres.existingSecret" -}}
{{- end -}}
{{- if and $postgres.password $postgres.existingSecret -}}
{{- $problems = append $problems "store.postgres.password and store.postgres.existingSecret are both set: keep one" -}}
{{- end -}}
{{- else if $azure.workloadIdentity.enabled -}}
{{- if not (and $azure.account $azure.workloadIdentity.clientId) -}}
{{- $problems = append $problems "workload identity needs store.azure.account and store.azure.workloadIdentity.clientId" -}}
{{- end -}}
{{- if or $azure.existingSecret $azure.connectionString -}}
{{- $problems = append $problems "store.azure.workloadIdentity is enabled beside a connection string: keep one" -}}
{{- end -}}
{{- else if not (or $azure.existingSecret (include "policy-gateway.storeSecretValue" .)) -}}
{{- $problems = append $problems "the storage account is not named: set store.azure.connectionString, store.azure.existingSecret, or store.azure.workloadIdentity.enabled with store.azure.account" -}}
{{- else if and $azure.existingSecret $azure.connectionString -}}
{{- $problems = append $problems "store.azure.connectionString and store.azure.existingSecret are both set: keep one" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.config" -}}
{{- $problems := list -}}
{{- $config := .Values.config -}}
{{- $written := or $config.servers $config.policies $config.grants $config.publicUrl $config.allowedOrigins $config.allowedHosts .Values.policyFiles -}}
{{- if and .Values.existingConfigMap $written -}}
{{- $problems = append $problems (printf "existingConfigMap is %q, so config and policyFiles would be ignored: move them into that ConfigMap, or leave existingConfigMap empty" .Values.existingConfigMap) -}}
{{- end -}}
{{- if and .Values.existingConfigMapItems (not .Values.existingConfigMap) -}}
{{- $problems = append $problems "existingConfigMapItems are set without existingConfigMap" -}}
{{- end -}}
{{- range $name, $policy := $config.policies -}}
{{- $file := get $policy "file" | default "" -}}
{{- if and $file (not (hasKey $.Values.policyFiles (trimPrefix "policies/" $file))) -}}
{{- $problems = append $problems (printf "config.policies.%s reads %q: add the key %q to policyFiles" $name $file (trimPrefix "policies/" $file)) -}}
{{- else if and $file (not (hasPrefix "policies/" $file)) -}}
{{- $problems = append $problems (printf "config.policies.%s reads %q: write %q, where policyFiles are" $name $file (printf "policies/%s" $file)) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.adminKey.value .Values.adminKey.existingSecret -}}
{{- $problems = append $problems "adminKey.value and adminKey.existingSecret are both set: keep one" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{/* Whether a text is a secret written plainly: it has no ${NAME}. */}}
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
{{- $problems = append $problems (printf "%s is written plainly and would be readable in a ConfigMap: write ${NAME} and give NAME by secretEnv or envFrom" .) -}}
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
{{- if not (or (int $scaling.targetCPUUtilizationPercentage) $scaling.metrics) -}}
{{- $problems = append $problems (printf "%s.autoscaling has nothing to scale by: set targetCPUUtilizationPercentage or metrics" $name) -}}
{{- end -}}
{{- if and (int $scaling.targetCPUUtilizationPercentage) (not (dig "requests" "cpu" "" ($component.resources | default dict))) -}}
{{- $problems = append $problems (printf "%s.autoscaling measures CPU against the request: set %s.resources.requests.cpu" $name $name) -}}
{{- end -}}
{{- end -}}
{{- if $budget.enabled -}}
{{- $minimum := include "policy-gateway.isSet" $budget.minAvailable -}}
{{- $maximum := include "policy-gateway.isSet" $budget.maxUnavailable -}}
{{- if eq $minimum $maximum -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget takes exactly one of minAvailable and maxUnavailable: set the other to \"\"" $name) -}}
{{- else if and $minimum (not (kindIs "string" $budget.minAvailable)) -}}
{{- if ge (int $budget.minAvailable) $least -}}
{{- $problems = append $problems (printf "%s.podDisruptionBudget.minAvailable is %d of %d pods, so no node could ever be drained: raise the pods, or lower it" $name (int $budget.minAvailable) $least) -}}
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
{{- $problems = append $problems (printf "%s.terminationGracePeriodSeconds is %d, so the process would be killed while it still ends: set it to at least %d (preStopSleepSeconds + shutdownSeconds + 10)" $name (int $component.terminationGracePeriodSeconds) $least) -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.single.persistence.enabled) .Values.single.persistence.existingClaim -}}
{{- $problems = append $problems "single.persistence.existingClaim is set while single.persistence.enabled is false" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.network" -}}
{{- $problems := list -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- $problems = append $problems "ingress is enabled without hosts: set ingress.hosts, each with a host" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- $problems = append $problems "httpRoute is enabled without parentRefs: name the Gateway that it attaches to" -}}
{{- end -}}
{{- $ports := list 9090 (int .Values.silos.siloPort) (int .Values.silos.clientPort) -}}
{{- if lt (len (uniq $ports)) 3 -}}
{{- $problems = append $problems "silos.siloPort, silos.clientPort and the admin port 9090 must differ" -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}

{{- define "policy-gateway.validate.monitoring" -}}
{{- $problems := list -}}
{{- $alerts := list "GatewaySiloLost" -}}
{{- range (include "policy-gateway.alerts" . | fromYaml).rules }}{{ $alerts = append $alerts .alert }}{{ end -}}
{{- range .Values.prometheusRule.disabled -}}
{{- if not (has . $alerts) -}}
{{- $problems = append $problems (printf "prometheusRule.disabled names %s, and no alert is called so: the runbook lists them" .) -}}
{{- end -}}
{{- end -}}
{{- $problems | toJson -}}
{{- end -}}
