namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// Ground truth: which numbers of which window are out or charged, and to which call. Checks as it writes.
/// </summary>
internal sealed class Ledger(bool checksTrueTime)
{
    private readonly Dictionary<(string Key, long Window), List<(NumberRange Numbers, CallId Call)>> _issued = [];
    private readonly Dictionary<(string Key, long Window), List<(NumberRange Numbers, CallId Call)>> _charged = [];
    private readonly Dictionary<(string Key, long Window), Int128> _max = [];
    private readonly Dictionary<(string Key, long Window), long> _endMs = [];
    private readonly Dictionary<(string Key, long Window), Int128> _byTrueTime = [];
    private readonly Dictionary<CallId, long> _sent = [];

    public int Admissions { get; private set; }

    /// <summary>An owner gives numbers out.</summary>
    public void Issue(CallId call, CounterPermit part)
    {
        var at = (part.Key.Text, part.WindowStartMs);
        _max[at] = Int128.Max(_max.GetValueOrDefault(at), part.Max.Nano);
        _endMs[at] = part.WindowEndMs;
        foreach (var numberRange in part.Intervals)
        {
            if (numberRange.High > part.Max.Nano)
                throw new Violation($"{part.Key} issued {numberRange} above {part.Max}");
            Put(_issued, at, numberRange, call, "issued twice");
        }
    }

    /// <summary>An owner says again what it gave to a call.</summary>
    public void Repeat(CallId call, CounterPermit part)
    {
        var at = (part.Key.Text, part.WindowStartMs);
        foreach (var numberRange in part.Intervals)
            if (!Holds(at, numberRange, call))
                throw new Violation($"{at}: {call} is told again {numberRange}, not its own");
    }

    /// <summary>An owner takes numbers back.</summary>
    public void Return(CallId call, CounterPermit part, Amount amount)
    {
        var at = (part.Key.Text, part.WindowStartMs);
        foreach (var numberRange in part.Last(amount))
        {
            Cut(_issued, at, numberRange, call);
            Cut(_charged, at, numberRange, call);
        }

        if (!_sent.TryGetValue(call, out var trueMs)) return;
        var sentAt = (part.Key.Text, part.Key.Window.StartMs(trueMs));
        _byTrueTime[sentAt] = _byTrueTime.GetValueOrDefault(sentAt) - amount.Nano;
    }

    /// <summary>The server receives a call.</summary>
    public void Send(CallId call, Permit permit, long trueMs)
    {
        Admissions++;
        if (!_sent.TryAdd(call, trueMs)) throw new Violation($"call {call} reached the server twice");
        foreach (var part in permit.Parts)
        {
            var at = (part.Key.Text, part.WindowStartMs);
            foreach (var numberRange in part.Intervals)
            {
                if (!Holds(at, numberRange,
                    call)) throw new Violation($"{at}: {call} sent on {numberRange}, not its own");
                Put(_charged, at, numberRange, call, "charged twice");
            }

            var total = Sum(_charged, at);
            if (total > _max.GetValueOrDefault(at))
                throw new Violation($"{part.Key}: {total} charged of {_max.GetValueOrDefault(at)} in {at.Item2}");
            if (checksTrueTime) CountByTrueTime(part, trueMs);
        }
    }

    /// <summary>
    /// Once every message has arrived, and none was lost: what is out is for calls that were sent, or that may yet be.
    /// Not near the end of a window, which is over for an owner whose clock is ahead.
    /// </summary>
    public void CheckUnsent(Func<CallId, bool> holds, long trueMs)
    {
        foreach (var (at, numbers) in _issued)
        {
            if (_endMs[at] - trueMs <= 1000) continue;
            foreach (var (lost, call) in numbers)
                if (!_sent.ContainsKey(call) && !holds(call))
                    throw new Violation($"{at}: {lost} is out for {call}, which was never sent");
        }
    }

    /// <summary>What is out or charged in a window: never more than this may be refused for.</summary>
    public Int128 Taken(CounterKey key, long windowStartMs) => Sum(_issued, (key.Text, windowStartMs));

    private bool Holds((string, long) at, NumberRange wanted, CallId call) =>
        _issued.GetValueOrDefault(at, []).Exists(entry =>
            entry.Call == call && entry.Numbers.Low <= wanted.Low && entry.Numbers.High >= wanted.High);

    private void CountByTrueTime(CounterPermit part, long trueMs)
    {
        var at = (part.Key.Text, part.Key.Window.StartMs(trueMs));
        var total = _byTrueTime.GetValueOrDefault(at) + part.Cost.Nano;
        _byTrueTime[at] = total;
        var max = _max.Where(entry => entry.Key.Key == part.Key.Text).Max(entry => entry.Value);
        if (total > max) throw new Violation($"{part.Key}: {total} admitted in the true window {at}, max {max}");
    }

    private static void Put(
        Dictionary<(string, long), List<(NumberRange Numbers, CallId Call)>> book,
        (string, long) at,
        NumberRange added,
        CallId call,
        string what)
    {
        if (!book.TryGetValue(at, out var list)) book[at] = list = [];
        foreach (var (numbers, owner) in list)
        {
            if (numbers.Low < added.High && added.Low < numbers.High)
                throw new Violation($"{at}: {added} {what}: to {call} and as {numbers} to {owner}");
        }

        list.Add((added, call));
    }

    private static void Cut(
        Dictionary<(string, long), List<(NumberRange Numbers, CallId Call)>> book,
        (string, long) at,
        NumberRange gone,
        CallId call)
    {
        if (!book.TryGetValue(at, out var list)) return;
        for (var i = list.Count - 1; i >= 0; i--)
        {
            var (numbers, owner) = list[i];
            if (owner != call || numbers.Low > gone.Low || numbers.High < gone.High) continue;
            list.RemoveAt(i);
            if (numbers.Low < gone.Low) list.Add((new NumberRange(numbers.Low, gone.Low), owner));
            if (gone.High < numbers.High) list.Add((new NumberRange(gone.High, numbers.High), owner));
        }
    }

    private static Int128 Sum(
        Dictionary<(string, long), List<(NumberRange Numbers, CallId Call)>> book, (string, long) at)
    {
        Int128 sum = 0;
        foreach (var (numbers, _) in book.GetValueOrDefault(at, [])) sum += numbers.Length;
        return sum;
    }
}
