using Gateway.EnvoyRls.Grpc;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Protocol;
using Gateway.EnvoyRls.Rules;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>A validated request with its counters, before any of them is used.</summary>
internal sealed class CountedRequest
{
    private CountedRequest(CountedDescriptor[] descriptors) => Descriptors = descriptors;

    /// <summary>The descriptors, in the request's order.</summary>
    public CountedDescriptor[] Descriptors { get; }

    /// <summary>Validates a request; returns its counters, or the problem that prevents a decision.</summary>
    public static (CountedRequest? Counted, GrpcProblem? Problem) Read(
        RateLimitRequest request, RlsRules rules, IReadOnlyDictionary<string, Budget> budgets, RlsOptions options,
        long nowMs)
    {
        if (Check(request, options) is { } malformed)
            return (null, malformed);
        var isKnown = rules.Knows(request.Domain);
        var matches = new RlsMatch?[request.Descriptors.Count];
        HashSet<string>? replaced = null;
        for (var i = 0; isKnown && i < matches.Length; i++)
        {
            var descriptor = request.Descriptors[i];
            if (descriptor.Limit is null)
                matches[i] = rules.Find(request.Domain, descriptor);
            else if (Override(request.Domain, descriptor) is { } own)
                matches[i] = own;
            else
                return (null, GrpcProblem.Invalid($"descriptor {i} has a limit without a unit"));
            foreach (var name in matches[i]?.Limit.Replaces ?? [])
                (replaced ??= new(StringComparer.Ordinal)).Add(name);
        }

        var counted = new CountedDescriptor[matches.Length];
        for (var i = 0; i < matches.Length; i++)
        {
            var match = matches[i];
            if (match is { Limit.Shown.Name: { Length: > 0 } name } && replaced?.Contains(name) == true)
                match = null;
            var shared = default(CounterKey);
            if (match?.Limit.Budget is { } wanted)
            {
                if (!budgets.TryGetValue(wanted, out var budget) || !budget.AdmitsDomain(request.Domain))
                    return (null, NoBudget(i, wanted));
                match = match with { Limit = match.Limit.Of(budget, nowMs) };
                shared = budget.CounterOf(budget.IsKeyed ? match.Values[^1] : null);
            }

            counted[i] = Count(request, request.Descriptors[i], match, shared);
            if (counted[i] is { IsReturn: true, Key: not null, Limit.AllowsNegativeHits: false })
            {
                return (null, GrpcProblem.Invalid($"descriptor {i} returns hits, but its rule does not have "
                    + "\"allow_negative_hits: true\""));
            }
        }

        return (new CountedRequest(counted), null);
    }

    private static GrpcProblem NoBudget(int descriptor, string name) => new(
        GrpcStatus.FailedPrecondition,
        $"descriptor {descriptor}: the domain may not charge a budget \"{name}\"; use a budget that names "
        + "this domain in \"domains\", or add the domain to it");

    private static GrpcProblem? Check(RateLimitRequest request, RlsOptions options)
    {
        if (request.Domain.Length == 0)
            return GrpcProblem.Invalid("rate limit domain must not be empty");
        if (request.Descriptors.Count == 0)
            return GrpcProblem.Invalid("rate limit descriptor list must not be empty");
        if (request.Descriptors.Count > options.DescriptorsMax)
        {
            return GrpcProblem.Invalid(
                $"the request has {request.Descriptors.Count} descriptors; at most {options.DescriptorsMax} are "
                + "accepted");
        }

        foreach (var descriptor in request.Descriptors)
        {
            if (descriptor.Entries.Count > options.EntriesMax)
            {
                return GrpcProblem.Invalid($"a descriptor has {descriptor.Entries.Count} entries; at most "
                    + $"{options.EntriesMax} are accepted");
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the limit that the request itself contains, which no rule changes; null if its unit is not valid.
    /// </summary>
    private static RlsMatch? Override(string domain, RateLimitDescriptor descriptor)
    {
        // Requests may use units up to the year; the week exists in responses only.
        var unit = (RateLimitResponse.Types.RateLimit.Types.Unit)descriptor.Limit.Unit;
        if (unit > RateLimitResponse.Types.RateLimit.Types.Unit.Year || !RlsUnit.TryGetWindow(unit, out var window))
            return null;
        var limit = new RlsLimit
        {
            Shown = new() { RequestsPerUnit = descriptor.Limit.RequestsPerUnit, Unit = unit },
            Window = window,
        };
        return new RlsMatch(limit, [.. descriptor.Entries.Select(static entry => entry.Value)], $"{domain}.(override)");
    }

    private static CountedDescriptor Count(
        RateLimitRequest request, RateLimitDescriptor descriptor, RlsMatch? match, CounterKey? shared) =>
        match is null || match.Limit.IsUnlimited
            ? new() { Match = match, IsUnlimited = match is not null }
            : new()
            {
                Match = match,
                Key = shared
                    ?? ServiceCounters.KeyOf(request.Domain, descriptor.Entries, match.Values, match.Limit.Window),
                Hits = descriptor.HitsAddend ?? Math.Max(1, request.HitsAddend),
                IsReturn = descriptor.IsNegativeHits,
            };
}
