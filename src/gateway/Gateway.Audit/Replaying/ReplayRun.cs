using Gateway.Audit.Records;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Recording;
using Gateway.Policy.Rules;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>
/// Reads the audit logs of a frontend or a fleet once, from beginning to end, and evaluates every call with a policy.
/// </summary>
public sealed class ReplayRun
{
    private const int BindingsMax = 65_536;
    private const int PoliciesMax = 1000;
    private const int ToolsMax = 1000;
    private const string NoRecord = "the call was refused in a flood and has no record of its own";

    private readonly ReplayRequest _request;
    private readonly Dictionary<(string, string, CompiledPolicy), PolicyBinding> _bindings = [];
    private readonly Dictionary<(string, string), string?> _policyOf = [];
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _policies = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _causes = new(StringComparer.Ordinal);
    private readonly List<ReplayChange> _changes = [];
    private readonly SortedDictionary<string, ReplayedTool> _tools = new(StringComparer.Ordinal);
    private readonly ReplayTotals _totals = new();
    private readonly HashSet<RecordSource> _begun = [];
    private readonly long _fromMs;
    private PolicyReplay? _replay;
    private string? _policy;
    private bool _hasAll = true;
    private long _evaluated;
    private long _same;
    private long _changed;
    private long _enforced;
    private long _startsMs;
    private RecordSource? _source;

    /// <param name="request">The replay to run.</param>
    public ReplayRun(ReplayRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (_request, _policy) = (request, request.Policy);
        _fromMs = request.FromMs;
    }

    /// <summary>
    /// Evaluates all calls. This takes seconds for a million records, so it must not run on a thread that others wait
    /// for.
    /// </summary>
    /// <exception cref="OperationCanceledException">The replay was cancelled.</exception>
    /// <exception cref="IOException">The records of another frontend ended early.</exception>
    public ReplayReport Run(Action<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var source in _request.Sources)
            source.Begin(_fromMs);
        _hasAll = _request.Sources.All(static source => source.HasAll);
        var total = _request.Sources.Sum(static source => source.BytesTotal);
        RecordMerge records = null!;
        records = new RecordMerge(_request.Sources, () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke(new ReplayProgress(records.Records, records.Bytes, Math.Max(records.Bytes, total)));
        });
        records.Begin();
        while (records.Next() is { } next)
        {
            _source = next.Source;
            if (_source.IsShortened && _begun.Add(_source))
                _startsMs = Math.Max(_startsMs, TimeOf(next.Record));
            Take(next.Record);
        }

        cancellationToken.ThrowIfCancellationRequested();
        progress?.Invoke(new ReplayProgress(records.Records, records.Bytes, records.Bytes));
        return Report();
    }

    private static long TimeOf(object record) => record switch
    {
        RecordedCall call => call.TimeMs,
        RecordedEnd end => end.TimeMs,
        RecordedFlood flood => flood.TimeMs,
        _ => 0,
    };

    private long Unreadable => _request.Sources.Sum(static source => source.Unreadable);

    private void Take(object record)
    {
        switch (record)
        {
            case RecordedCall call when call.TimeMs >= _fromMs:
                Take(call);
                break;
            case RecordedEnd end when end.TimeMs >= _fromMs:
                _replay?.End(end);
                break;
            case RecordedFlood flood when flood.TimeMs >= _request.SinceMs && IsChosen(flood):
                _evaluated += flood.Decisions;
                _totals.Count(flood);
                Doubt(NoRecord, flood.Decisions);
                break;
        }
    }

    // A flood names no tool, so it is part of a server's calls only.
    private bool IsChosen(RecordedFlood flood) => _request.Server is { } server
        ? flood.Server == server && _request.Tool is null
        : _policy is not null && _policyOf.GetValueOrDefault((flood.Grant, flood.Server)) == _policy;

    private void Take(RecordedCall call)
    {
        if (_request.Server is { } server
            && (call.Server != server || (_request.Tool is { } tool && call.Name != tool)))
            return;
        if (_policyOf.Count < BindingsMax || _policyOf.ContainsKey((call.Grant, call.Server)))
            _policyOf[(call.Grant, call.Server)] = call.Policy;
        if (call.Policy is { } policy)
            See(policy, isSinceStart: call.TimeMs >= _request.SinceMs);
        if (_request.IsRecorded)
        {
            if (call.TimeMs < _request.SinceMs || call.Policy is null || call.Policy != _policy)
                return;
            // Calls that the candidate itself decided have no separate candidate decision.
            if (call.PolicySha256 == _request.Candidate.Sha256)
                _enforced++;
            else
                Count(call, ReplayAnswer.Recorded(call, _request.Candidate.Sha256));
            return;
        }

        // The request has to name one policy. Evaluation stops, and the other policies are only collected.
        if (_request.Policy is null && _request.Server is null && _policies.Count > 1)
            return;
        _replay ??= new PolicyReplay(BindingOf, ValuesOf, new RecordFacts(
            _hasAll && Unreadable == 0 ? null : call.TimeMs, _request.HasOthers, _request.Caller),
            _request.ClassOf is { } classOf ? one => classOf(one.Server, one.Name ?? "") : null);
        NoteGenerations(call);
        if (_replay.Evaluate(call) is { } answer && call.TimeMs >= _request.SinceMs)
            Count(call, answer);
    }

    private void See(string policy, bool isSinceStart)
    {
        if (isSinceStart && _policies.Count < PoliciesMax && _policies.Add(policy) && _policies.Count == 1
            && _request.Policy is null && _request.Server is null && _policy is not null && policy != _policy)
        {
            // Everything counted so far belongs to a policy that decided no call since the requested instant.
            (_policy, _replay, _hasAll) = (null, null, false);
            _bindings.Clear();
        }

        _policy ??= policy;
    }

    private void Count(RecordedCall call, in ReplayAnswer answer)
    {
        _evaluated++;
        if (_request.Server is not null && call.Name is { } tool)
            Count(tool, answer);
        var change = answer.Word != ReplayWord.Changed ? null : new ReplayChange(
            RefusalJson.Time(call.TimeMs), call.CallId, call.Grant, call.Server, call.Method, call.Name,
            new ReplayedDecision(call.Outcome, call.Rule, null),
            new ReplayedDecision(answer.Outcome, answer.Rule, answer.Reason.Length > 0 ? answer.Reason : null));
        _totals.Count(call, answer.Word, change);
        switch (answer.Word)
        {
            case ReplayWord.Same:
                _same++;
                break;
            case ReplayWord.Changed:
                _changed++;
                if (_changes.Count < _request.ChangesMax)
                    _changes.Add(change!);
                break;
            case ReplayWord.Unknown:
                Doubt(answer.Reason, 1);
                break;
            default:
                throw new NotSupportedException($"ReplayWord {answer.Word} has no case here.");
        }
    }

    private void Count(string tool, in ReplayAnswer answer)
    {
        if (!_tools.TryGetValue(tool, out var known))
        {
            if (_tools.Count == ToolsMax)
                return;
            known = new ReplayedTool(0, 0, new SortedDictionary<string, long>(StringComparer.Ordinal));
        }

        if (answer.Word == ReplayWord.Changed)
        {
            var changed = (SortedDictionary<string, long>)known.Changed;
            changed[answer.Outcome] = changed.GetValueOrDefault(answer.Outcome) + 1;
        }

        _tools[tool] = known with
        {
            Same = known.Same + (answer.Word == ReplayWord.Same ? 1 : 0),
            Unknown = known.Unknown + (answer.Word == ReplayWord.Unknown ? 1 : 0),
        };
    }

    private void Doubt(string cause, long calls) => _causes[cause] = _causes.GetValueOrDefault(cause) + calls;

    private PolicyBinding? BindingOf(RecordedCall call)
    {
        if (call.Policy is null || (_request.Server is null && call.Policy != _policy) || call.Grant.Length == 0
            || call.Server.Length == 0)
            return null;
        var version = _request.Versions?.GetValueOrDefault(call.PolicySha256 ?? "") ?? _request.Candidate;
        if (_bindings.TryGetValue((call.Grant, call.Server, version), out var known))
            return known;
        if (_bindings.Count >= BindingsMax)
            _bindings.Clear();
        return _bindings[(call.Grant, call.Server, version)] = version.Bind(
            call.Grant, call.Server, new CounterGenerations(_generations), _request.Lists);
    }

    private RecordedArguments? ValuesOf(RecordedCall call) => _source?.ValuesOf(call);

    /// <summary>Starts a new counter after a recorded reset, as happened then.</summary>
    private void NoteGenerations(RecordedCall call)
    {
        foreach (var counter in call.Counters)
        {
            var end = counter.Key.LastIndexOf('/');
            if (end <= 0 || counter.Key.AsSpan(end) is "/0" || _generations.Count >= BindingsMax
                || !int.TryParse(counter.Key.AsSpan(end + 1), out var generation))
                continue;
            var identity = counter.Key[..end];
            if (_generations.GetValueOrDefault(identity) >= generation)
                continue;
            _generations[identity] = generation;
            _bindings.Clear();
        }
    }

    private ReplayReport Report()
    {
        var isChosen = _request.Policy is not null || _request.Server is not null || _policies.Count == 1;
        return new ReplayReport
        {
            Evaluated = isChosen ? _evaluated : 0,
            Same = isChosen ? _same : 0,
            Changed = isChosen ? _changed : 0,
            Unknown = isChosen ? _causes.Values.Sum() : 0,
            Changes = isChosen ? _changes : [],
            Causes = isChosen ? _causes : new SortedDictionary<string, long>(),
            Policies = [.. _policies],
            Policy = isChosen && _request.Server is null ? _policy : null,
            Tools = _request.Server is null ? null : _tools,
            ByTool = isChosen ? _totals.ByTool : [],
            ByGrant = isChosen ? _totals.ByGrant : [],
            ByTransition = isChosen ? _totals.ByTransition : [],
            Enforced = _enforced,
            LogStarts = _startsMs > _request.SinceMs ? RefusalJson.Time(_startsMs) : null,
            Unreadable = Unreadable,
        };
    }
}

/// <summary>Progress of a replay.</summary>
/// <param name="Records">Number of records read.</param>
/// <param name="Bytes">Number of bytes read.</param>
/// <param name="BytesTotal">Approximate number of bytes to read.</param>
public readonly record struct ReplayProgress(long Records, long Bytes, long BytesTotal);
