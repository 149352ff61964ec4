using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Lists;
using Gateway.Policy.Rules;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Policy.Tools.Testing;

/// <summary>
/// Decides on calls one after the other, on separate counters, at given times, with the evaluator and the engine that
/// decide on and count agents' calls.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The engine's counters are in memory and its timer is silent.")]
internal sealed class CallSequence
{
    private const string Server = "server";

    private readonly CompiledPolicy _policy;
    private readonly NamedLists? _lists;
    private readonly Dictionary<string, PolicyBinding> _bindings = new(StringComparer.Ordinal);
    private readonly VirtualTime _time = new();
    private readonly ProcessClock _clock;

    private readonly ValueLimiter _limiter;

    /// <summary>Creates a sequence with unused counters.</summary>
    /// <param name="policy">The policy that decides.</param>
    /// <param name="lists">The lists that the policy uses; null for none.</param>
    public CallSequence(CompiledPolicy policy, NamedLists? lists = null)
    {
        // A test makes up its grants, so budgets are assumed to name them.
        (_policy, _lists) = (policy, lists is null ? null : lists with { PresumesLeave = true });
        // No returned numbers could serve a refused call, and the store never makes it wait.
        var options = new LocalEngineOptions { DeferMs = 0, StoreTimeoutMs = 0 };
        _clock = new ProcessClock(_time);
        _limiter = new ValueLimiter(
            new LocalEngine(new ReplayStore(_time), options, _time, _clock), new OwnValueKey());
    }

    /// <summary>Decides on one call, and counts it if it goes on to the server.</summary>
    /// <param name="grant">The grant whose counters are charged.</param>
    /// <param name="atMs">The time, Unix milliseconds UTC; not before the previous call.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="arguments">A JSON object; empty if there is none.</param>
    /// <param name="caller">The caller; null for a call with the grant's own token.</param>
    /// <param name="toolClass">The accepted class of the tool.</param>
    public CallDecision Call(
        string grant, long atMs, string tool, ReadOnlyMemory<byte> arguments, Caller? caller = null,
        ToolClass toolClass = ToolClass.Uncertain)
    {
        _time.Set(atMs);
        if (!_bindings.TryGetValue(grant, out var binding))
            _bindings[grant] = binding = _policy.Bind(grant, Server, lists: _lists);
        var decision = PolicyEngine.Decide(binding, PolicyCall.OfTool(tool, arguments, _time.GetUtcNow()) with
        {
            Caller = caller,
            Class = toolClass,
        });
        return decision.Outcome == DecisionOutcome.Deny
            ? new CallDecision("deny", decision.Rule, decision.Reason)
            : Take(decision);
    }

    private CallDecision Take(PolicyDecision decision)
    {
        var request = new LimitRequest(CallId.New(), _clock.NowMs(), decision.LimitCosts);
        var isAsk = decision.Outcome == DecisionOutcome.Ask;
        var taken = Now(isAsk
            ? _limiter.PeekAsync(request, CancellationToken.None)
            : _limiter.AcquireAsync(request, CancellationToken.None));
        if (taken.Refusal is { } refusal)
            return Refused(decision.Costs, refusal);
        if (isAsk)
            return new CallDecision("ask", decision.Rule, decision.Reason);
        taken.Permit.TrySpend(request.NowMs, out _);
        taken.Permit.Complete();
        return new CallDecision("allow", decision.Rule, "");
    }

    private static CallDecision Refused(ImmutableArray<DecisionCost> costs, LimitRefusal refusal) =>
        refusal.Kind == RefusalKind.TooManyValues
            ? new CallDecision("deny", PolicyRuleNames.TooManyValues, refusal.Reason)
            : refusal is { CostIndex: >= 0, Kind: RefusalKind.NoRoom or RefusalKind.CostOverMax }
            ? new CallDecision("rate_limit", costs[refusal.CostIndex].Rule, refusal.Reason)
            : new CallDecision("unavailable", PolicyRuleNames.EngineUnavailable, refusal.Reason);

    private static LimitDecision Now(ValueTask<LimitDecision> answer) => answer.IsCompletedSuccessfully
        ? answer.Result
        : throw new InvalidOperationException(ReplayCounts.NotAtOnce);
}

/// <summary>The decision on a call.</summary>
/// <param name="Word"><c>allow</c>, <c>deny</c>, <c>rate_limit</c>, <c>ask</c> or <c>unavailable</c>.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Reason">The reason in words; empty if the call is allowed.</param>
public readonly record struct CallDecision(string Word, string Rule, string Reason);
