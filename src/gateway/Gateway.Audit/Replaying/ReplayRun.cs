using System.Text.Json;
using Gateway.Audit.Files;
using Gateway.Audit.Records;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Recording;
using Gateway.Policy.Rules;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>Reads an audit log from its beginning to its end, once, and has every call judged by a policy.</summary>
public sealed class ReplayRun
{
    private const int ProgressEvery = 8192;
    private const int BindingsMax = 65_536;
    private const int PoliciesMax = 1000;
    private const string NoRecord = "it was refused in a flood and has no record of its own";

    private readonly ReplayRequest _request;
    private readonly RecordParser _parser = new();
    private readonly ReplayOrder _order = new();
    private readonly Dictionary<(string, string, CompiledPolicy), PolicyBinding> _bindings = [];
    private readonly Dictionary<(string, string), string?> _policyOf = [];
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _policies = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _causes = new(StringComparer.Ordinal);
    private readonly List<ReplayChange> _changes = [];
    private readonly long _fromMs;
    private PolicyReplay? _replay;
    private string? _policy;
    private bool _hasAll = true;
    private long _judged;
    private long _same;
    private long _changed;
    private long _unreadable;

    /// <param name="request">What is to be replayed.</param>
    public ReplayRun(ReplayRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        (_request, _policy) = (request, request.Policy);
        // What a window may still count when the first call is judged is counted before it.
        var longest = request.Candidate.Bind("grant", "server").Counters
            .Select(static cost => cost.Window.LongestMs).DefaultIfEmpty(0).Max();
        _fromMs = request.SinceMs == 0 ? 0 : Math.Max(0, request.SinceMs - (2 * longest) - 1);
    }

    /// <summary>Judges all; takes seconds for a million records, so not on a thread that others wait for.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ReplayReport Run(Action<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        var files = Files();
        var total = files.Sum(static file => Bytes(file));
        var (records, bytes) = (0L, 0L);
        foreach (var file in files)
        {
            foreach (var line in Lines(file))
            {
                bytes += line.Length + 1;
                if (++records % ProgressEvery == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Invoke(new ReplayProgress(records, bytes, Math.Max(bytes, total)));
                }

                if (Parse(line) is { } record && _order.TryPass(record, out var next))
                    Take(next);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        while (_order.TryTake(out var left))
            Take(left);
        progress?.Invoke(new ReplayProgress(records, bytes, bytes));
        return Report();
    }

    /// <summary>Those that may hold what is asked for, the oldest first.</summary>
    private List<AuditFileName> Files()
    {
        var all = AuditArchive.Files(_request.Directory)
            .GroupBy(static file => file.Number, static (_, same) => same.OrderBy(static file => file.IsPacked).First())
            .OrderBy(static file => file.Number).ToList();
        var from = DateTimeOffset.FromUnixTimeMilliseconds(_fromMs).UtcDateTime;
        var wanted = all.SkipWhile(file => file.LastWrite < from).ToList();
        _hasAll = wanted.Count == all.Count && (all.Count == 0 || all[0].Number == 1);
        return wanted;
    }

    private static long Bytes(AuditFileName file)
    {
        try
        {
            return file.RecordBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private IEnumerable<byte[]> Lines(AuditFileName file)
    {
        using var stream = Open(file);
        if (stream is null)
            yield break;
        using var lines = new RecordLineReader(stream);
        while (Next(lines) is { } line)
            yield return line;
    }

    private Stream? Open(AuditFileName file)
    {
        try
        {
            return file.Open(0);
        }
        catch (FileNotFoundException)
        {
            // Deleted meanwhile, as its time had come.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unreadable++;
            return null;
        }
    }

    private byte[]? Next(RecordLineReader lines)
    {
        try
        {
            return lines.Read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // A compressed file that was cut off.
            _unreadable++;
            return null;
        }
    }

    private object? Parse(byte[] line)
    {
        try
        {
            return line.Length == 0 ? null : _parser.Parse(line);
        }
        catch (JsonException)
        {
            _unreadable++;
            return null;
        }
    }

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
            case RecordedFlood flood when flood.TimeMs >= _request.SinceMs && _policy is not null
                && _policyOf.GetValueOrDefault((flood.Grant, flood.Server)) == _policy:
                _judged += flood.Decisions;
                Doubt(NoRecord, flood.Decisions);
                break;
        }
    }

    private void Take(RecordedCall call)
    {
        if (_policyOf.Count < BindingsMax || _policyOf.ContainsKey((call.Grant, call.Server)))
            _policyOf[(call.Grant, call.Server)] = call.Policy;
        if (call.Policy is { } policy)
            See(policy, isJudged: call.TimeMs >= _request.SinceMs);
        // Which one is meant has to be said: nothing is judged any more, and the others are only found.
        if (_request.Policy is null && _policies.Count > 1)
            return;
        _replay ??= new PolicyReplay(BindingOf, ValuesOf, new RecordFacts(
            _hasAll && _unreadable == 0 ? null : call.TimeMs, _request.HasOthers));
        NoteGenerations(call);
        if (_replay.Judge(call) is { } answer && call.TimeMs >= _request.SinceMs)
            Count(call, answer);
    }

    private void See(string policy, bool isJudged)
    {
        if (isJudged && _policies.Count < PoliciesMax && _policies.Add(policy) && _policies.Count == 1
            && _request.Policy is null && _policy is not null && policy != _policy)
        {
            // What was counted so far was by a policy that judged no call since.
            (_policy, _replay, _hasAll) = (null, null, false);
            _bindings.Clear();
        }

        _policy ??= policy;
    }

    private void Count(RecordedCall call, in ReplayAnswer answer)
    {
        _judged++;
        switch (answer.Word)
        {
            case ReplayWord.Same:
                _same++;
                break;
            case ReplayWord.Changed:
                _changed++;
                if (_changes.Count < _request.ChangesMax)
                {
                    _changes.Add(new ReplayChange(
                        RefusalJson.Time(call.TimeMs), call.CallId, call.Grant, call.Server, call.Method, call.Name,
                        new ReplayedDecision(call.Outcome, call.Rule, null),
                        new ReplayedDecision(
                            answer.Outcome, answer.Rule, answer.Reason.Length > 0 ? answer.Reason : null)));
                }

                break;
            default:
                Doubt(answer.Reason, 1);
                break;
        }
    }

    private void Doubt(string cause, long calls) => _causes[cause] = _causes.GetValueOrDefault(cause) + calls;

    private PolicyBinding? BindingOf(RecordedCall call)
    {
        if (call.Policy is null || call.Policy != _policy || call.Grant.Length == 0 || call.Server.Length == 0)
            return null;
        var version = _request.Versions?.GetValueOrDefault(call.PolicySha256 ?? "") ?? _request.Candidate;
        if (_bindings.TryGetValue((call.Grant, call.Server, version), out var known))
            return known;
        if (_bindings.Count >= BindingsMax)
            _bindings.Clear();
        return _bindings[(call.Grant, call.Server, version)] = version.Bind(
            call.Grant, call.Server, new CounterGenerations(_generations), _request.Lists);
    }

    private RecordedArguments? ValuesOf(RecordedCall call) => _request.Arguments?.Find(call.CallId, call.TimeMs);

    /// <summary>A counter that was reset is another one from then on, as it was.</summary>
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
        var isChosen = _request.Policy is not null || _policies.Count == 1;
        return new ReplayReport
        {
            Judged = isChosen ? _judged : 0,
            Same = isChosen ? _same : 0,
            Changed = isChosen ? _changed : 0,
            Unknown = isChosen ? _causes.Values.Sum() : 0,
            Changes = isChosen ? _changes : [],
            Causes = isChosen ? _causes : new SortedDictionary<string, long>(),
            Policies = [.. _policies],
            Policy = isChosen ? _policy : null,
            Unreadable = _unreadable,
        };
    }
}
