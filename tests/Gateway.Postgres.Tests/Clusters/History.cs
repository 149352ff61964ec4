namespace Gateway.Postgres.Tests.Clusters;

/// <summary>
/// What the recording server received, evaluated by label: by the window (named by its end) and the numbers of each
/// permit; and what callers were told.
/// </summary>
internal sealed class History
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _calls = [];
    private readonly Dictionary<(string Counter, long EndMs), List<NumberRange>> _sent = [];
    private readonly Dictionary<(string Counter, long EndMs), Int128> _late = [];
    private readonly HashSet<(string Counter, long EndMs)> _refused = [];
    private readonly List<string> _offences = [];

    /// <summary>Calls so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _calls.Count;
        }
    }

    /// <summary>Takes a line of a frontend.</summary>
    public void Add(string line)
    {
        var words = line.Split(' ');
        lock (_lock)
        {
            switch (words)
            {
                case ["refused", var window]:
                    _refused.Add(ReadWindow(window));
                    break;
                case ["sent", var id, .. var parts]:
                    if (!_calls.Add(id)) _offences.Add($"call {id} was sent twice");
                    foreach (var (window, numbers) in parts.Select(ReadPart))
                    {
                        if (!_sent.TryGetValue(window, out var intervals)) _sent[window] = intervals = [];
                        intervals.Add(numbers);
                    }

                    break;
                case ["late", _, .. var parts]:
                    foreach (var (window, numbers) in parts.Select(ReadPart))
                        _late[window] = _late.GetValueOrDefault(window) + numbers.Length;
                    break;
            }
        }
    }

    /// <summary>No number in two hands, all below the maximum, no call twice.</summary>
    public void AssertExact(params CounterSpec[] counters)
    {
        lock (_lock)
        {
            foreach (var counter in counters)
            {
                foreach (var ((name, endMs), intervals) in _sent.Where(window => window.Key.Counter == counter.Name))
                {
                    Int128 above = 0;
                    foreach (var numbers in intervals.OrderBy(numberRange => numberRange.Low))
                    {
                        if (numbers.Low < above) _offences.Add($"{name} until {endMs}: {numbers} is in two hands");
                        above = Int128.Max(above, numbers.High);
                    }

                    if (above > Amount.FromUnits(counter.Max).Nano)
                        _offences.Add($"{name} until {endMs}: {above} is above the maximum");
                }
            }

            Assert.Empty(_offences);
        }
    }

    /// <summary>
    /// What was never charged to anybody in windows in which some call was told that there was no room: nothing, but
    /// for the losses that a fault explains.
    /// </summary>
    public long Wasted(CounterSpec counter)
    {
        lock (_lock)
        {
            Int128 wasted = 0;
            foreach (var window in _refused.Where(window => window.Counter == counter.Name))
            {
                var sent = _sent.GetValueOrDefault(window, []).Aggregate((Int128)0, (sum, next) => sum + next.Length);
                wasted += Amount.FromUnits(counter.Max).Nano - sent - _late.GetValueOrDefault(window);
            }

            return (long)(wasted / Amount.One.Nano);
        }
    }

    /// <summary>Windows of this counter that somebody was refused in.</summary>
    public int Full(CounterSpec counter)
    {
        lock (_lock) return _refused.Count(window => window.Counter == counter.Name);
    }

    /// <summary>Windows of this counter that something was sent in.</summary>
    public int Windows(CounterSpec counter)
    {
        lock (_lock) return _sent.Keys.Count(window => window.Counter == counter.Name);
    }

    /// <summary>One line a counter, for the test's output: what each window admitted.</summary>
    public string Summary(params CounterSpec[] counters)
    {
        lock (_lock)
        {
            var text = new StringBuilder($"{_calls.Count} calls sent");
            foreach (var counter in counters)
            {
                var units = _sent.Where(window => window.Key.Counter == counter.Name)
                    .OrderBy(window => window.Key.EndMs)
                    .Select(window => window.Value.Sum(numbers => (double)numbers.Length) / 1e9);
                var (full, wasted) = (Full(counter), Wasted(counter));
                text.Append(CultureInfo.InvariantCulture, $"; {counter}, {full} full, {wasted} wasted: ");
                text.AppendJoin(' ', units);
            }

            return text.ToString();
        }
    }

    private static (string Counter, long EndMs) ReadWindow(string text)
    {
        var at = text.IndexOf('@');
        return (text[..at], long.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }

    private static ((string Counter, long EndMs) Window, NumberRange Numbers) ReadPart(string text)
    {
        var colon = text.IndexOf(':');
        var numbers = text[(colon + 1)..].Split('-');
        return (ReadWindow(text[..colon]), new NumberRange(
            Int128.Parse(numbers[0], CultureInfo.InvariantCulture),
            Int128.Parse(numbers[1], CultureInfo.InvariantCulture)));
    }
}
