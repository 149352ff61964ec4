using Gateway.Policy.Decisions;

namespace Gateway.Fleet.Tests.Histories;

/// <summary>
/// The permits that the gateways of a fleet put on record, evaluated by label: by counter and window, whatever the
/// clocks said.
/// </summary>
internal sealed partial class PermitLedger
{
    private readonly Dictionary<(string Counter, string WindowEnd), List<(decimal Low, decimal High)>> _numbers = [];
    private readonly HashSet<(string Counter, string WindowEnd)> _refused = [];
    private readonly HashSet<string> _letThrough = [];
    private readonly HashSet<string> _unavailable = [];
    private readonly HashSet<string> _records = [];

    public PermitLedger(params FleetMember[] members)
    {
        foreach (var record in members.SelectMany(member => member.Audit))
        {
            // A restored log begins with the very records of the log that was backed up.
            if (record.GetProperty("kind").GetString() != "decision" || !_records.Add(record.GetRawText()))
                continue;
            if (record.TryGetProperty("counters", out var counters))
                Add(record.GetProperty("callId").GetString()!, counters);
            else if (record.GetProperty("rule").GetString() == PolicyRuleNames.EngineUnavailable)
                _unavailable.Add(Milliseconds().Replace(record.GetProperty("reason").GetString()!, "… ms"));
            else if (record.TryGetProperty("limit", out var limit))
                _refused.Add((limit.GetProperty("counter").GetString()!, limit.GetProperty("resetAt").GetString()!));
        }
    }

    /// <summary>Units admitted in each window of this counter, in the order of time.</summary>
    public IReadOnlyList<decimal> Admitted(string counter) =>
        [.. _numbers.Where(entry => entry.Key.Counter == counter).OrderBy(entry => entry.Key.WindowEnd)
            .Select(entry => entry.Value.Sum(interval => interval.High - interval.Low))];

    /// <summary>The same of those windows only in which somebody was refused.</summary>
    public IReadOnlyList<decimal> AdmittedInFull(string counter) =>
        [.. _refused.Where(window => window.Counter == counter)
            .Select(window => _numbers.GetValueOrDefault(window, []).Sum(interval => interval.High - interval.Low))];

    /// <summary>Why calls were denied as unavailable: each reason once, whatever was measured.</summary>
    public IReadOnlySet<string> Unavailable => _unavailable;

    /// <summary>No number in two hands, all below the maximum.</summary>
    public void AssertExact(string counter, decimal max)
    {
        foreach (var ((name, window), intervals) in _numbers.Where(entry => entry.Key.Counter == counter))
        {
            var above = 0m;
            foreach (var (low, high) in intervals.Order())
            {
                Assert.True(low >= above, $"{name} until {window}: {low} is in two hands");
                above = high;
            }

            Assert.True(above <= max, $"{name} until {window}: {above} is above {max}");
        }
    }

    /// <summary>Every call that reached the server has its permit on record.</summary>
    public void AssertCovers(IEnumerable<string> callIds) =>
        Assert.All(callIds, callId => Assert.Contains(callId, _letThrough));

    private void Add(string callId, JsonElement counters)
    {
        _letThrough.Add(callId);
        foreach (var part in counters.EnumerateArray())
        {
            // A key reads scope's id / counter / scope / kind / window / generation.
            var counter = part.GetProperty("key").GetString()!.Split('/')[1];
            var window = (counter, part.GetProperty("windowEnd").GetString()!);
            if (!_numbers.TryGetValue(window, out var numbers))
                _numbers[window] = numbers = [];
            numbers.AddRange(part.GetProperty("intervals").EnumerateArray().Select(text => Read(text.GetString()!)));
        }
    }

    private static (decimal Low, decimal High) Read(string interval)
    {
        var numbers = interval.Trim('[', ')').Split(',');
        return (decimal.Parse(numbers[0], CultureInfo.InvariantCulture),
            decimal.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("[0-9]+ ms")]
    private static partial Regex Milliseconds();
}
