using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tools.Diff;

/// <summary>Searches for calls of one tool that two policies decide differently.</summary>
internal sealed class ExampleSearch(DiffSide before, DiffSide after, string tool)
{
    /// <summary>A Monday at midnight in UTC.</summary>
    public const long StartMs = 1_704_067_200_000;

    /// <summary>
    /// Maximum number of calls in one sequence; a difference in a limit that admits more is shown by its text.
    /// </summary>
    private const int CallsMax = 20_000;

    /// <summary>Maximum number of arguments to try with limits.</summary>
    private const int CountedMax = 8;

    /// <summary>Maximum number of arguments to try with times.</summary>
    private const int TimedMax = 8;

    private readonly List<CallExample> _found = [];

    /// <summary>Returns at most one example of each direction.</summary>
    public ImmutableArray<CallExample> Run()
    {
        var samples = ArgumentSamples.Of(before.RulesOf(tool), after.RulesOf(tool));
        var passing = new List<SampleCall>();
        foreach (var call in All(samples))
        {
            var (old, now) = (before.Decide(tool, call), after.Decide(tool, call));
            if (Openness(old) != Openness(now))
                Keep(call, new CallStep("test", 0, 1));
            else if (old.Outcome != DecisionOutcome.Deny)
                passing.Add(call);
            if (_found.Count == 2)
                break;
        }

        foreach (var call in Counted(passing))
            TrySequences(call);
        if (before.ReadsTime(tool) || after.ReadsTime(tool))
            TryTimes(samples);
        return [.. _found.OrderBy(static example => example.IsLooser ? 0 : 1)];
    }

    private static int Openness(PolicyDecision decision) =>
        decision.Outcome switch
        {
            DecisionOutcome.Deny => 0,
            DecisionOutcome.Ask => 1,
            DecisionOutcome.Allow => 2,
            _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
        };

    /// <summary>Returns some of the calls that reach the limits, with different costs.</summary>
    private IEnumerable<SampleCall> Counted(List<SampleCall> passing) =>
        passing.DistinctBy(call => string.Join(';', before.LimitsOf(tool, call)
                .Concat(after.LimitsOf(tool, call)).Select(static limit => limit.Cost.ToString())))
            .Take(CountedMax);

    /// <summary>Tries each half hour of a week.</summary>
    private void TryTimes(ArgumentSamples samples)
    {
        foreach (var call in All(samples).Take(TimedMax))
        {
            for (var half = 0; half < 7 * 48 && _found.Count < 2; half++)
                Keep(call, new CallStep("test", half * 1_800_000L, 1));
        }
    }

    private IEnumerable<SampleCall> All(ArgumentSamples samples) =>
        samples.All(call => before.StepsPassed(tool, call), call => after.StepsPassed(tool, call));

    private void TrySequences(SampleCall call)
    {
        var limits = before.LimitsOf(tool, call).Concat(after.LimitsOf(tool, call)).Distinct().ToList();
        var calls = limits.Where(static limit => limit.Cost > Amount.Zero)
            .Select(static limit => limit.Max.Nano / limit.Cost.Nano)
            .Where(static calls => calls < CallsMax).Select(static calls => (int)calls + 1).DefaultIfEmpty(0).Max();
        if (calls == 0 || _found.Count == 2)
            return;
        var lengths = limits.Select(static limit => LengthMs(limit.Window)).Distinct().Order().ToList();
        // All at once; by another grant; after each window; across the edge of each, which a sliding one does not have.
        Try(call,
        [
            new("test", 0, calls), new("other", 0, calls),
            .. lengths.SelectMany(static length => (long[])[length, length + 5000]).Order()
                .Select(at => new CallStep("test", at, calls)),
        ]);
        foreach (var length in lengths)
            Try(call, [new("test", length * 9 / 10, calls), new("test", length, calls)]);
    }

    /// <summary>Returns the length of a window; in a zone, the time until the first one ends.</summary>
    private static long LengthMs(Window window) =>
        window.Zone is null ? window.ShortestMs : window.EndMs(StartMs) - StartMs;

    /// <summary>Makes the calls under both policies until one is decided differently.</summary>
    private void Try(SampleCall call, List<CallStep> steps)
    {
        var (old, now) = (new CallSequence(before.Policy), new CallSequence(after.Policy));
        var (arguments, caller) = (call.Utf8, call.Identity);
        var made = ImmutableArray.CreateBuilder<CallStep>();
        var left = CallsMax;
        foreach (var step in steps)
        {
            for (var i = 1; i <= step.Times && left-- > 0; i++)
            {
                var one = old.Call(step.Grant, StartMs + step.AtMs, tool, arguments, caller, before.Class);
                var two = now.Call(step.Grant, StartMs + step.AtMs, tool, arguments, caller, after.Class);
                if (CallExample.Openness(one) == CallExample.Openness(two))
                {
                    // Refused by both, as the remaining calls of this step would be.
                    if (CallExample.Openness(one) == 0)
                    {
                        made.Add(step with { Times = i });
                        break;
                    }

                    continue;
                }

                Keep(call, [.. made, step with { Times = i }]);
                return;
            }
        }
    }

    /// <summary>Repeats the calls on unused counters, so that the example shows exactly what happens.</summary>
    private void Keep(SampleCall call, params ImmutableArray<CallStep> steps)
    {
        var example = new CallExample(tool, call.Arguments, steps,
            Play(before, tool, call, steps), Play(after, tool, call, steps))
        {
            Caller = call.Caller,
        };
        var direction = CallExample.Openness(example.After).CompareTo(CallExample.Openness(example.Before));
        if (direction != 0 && !_found.Exists(known => known.IsLooser == example.IsLooser))
            _found.Add(example);
    }

    /// <summary>Returns the decision on the last of the calls.</summary>
    internal static CallDecision Play(
        DiffSide side, string tool, SampleCall call, ImmutableArray<CallStep> steps)
    {
        var (sequence, arguments, caller) = (new CallSequence(side.Policy), call.Utf8, call.Identity);
        var last = default(CallDecision);
        foreach (var step in steps)
        {
            for (var i = 0; i < step.Times; i++)
                last = sequence.Call(step.Grant, StartMs + step.AtMs, tool, arguments, caller, side.Class);
        }

        return last;
    }
}
