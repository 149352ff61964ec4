using Gateway.Limits.Tests.Checking;

namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>
/// Ground truth of simulator and checker: what owners have given out, and which calls the server received. Checks as it
/// writes; what else is promised is the kind's.
/// </summary>
/// <param name="checksTime">Whether clocks keep within what is assumed of them.</param>
internal abstract class Oracle(bool checksTime)
{
    /// <summary>
    /// With one owner, a call is admitted only if the count leaves room below the maximum in force for that very call,
    /// though it was higher before. Otherwise, a call of another owner under the higher maximum may come between.
    /// </summary>
    public bool HasOneOwner { get; init; }

    protected bool ChecksTime => checksTime;

    protected List<Given> All { get; private set; } = [];

    public Oracle Copy()
    {
        var copy = (Oracle)MemberwiseClone();
        copy.All = [.. All];
        return copy;
    }

    /// <summary>A call asks.</summary>
    public virtual void Ask(CounterKey key, Amount max)
    {
    }

    /// <summary>An owner gives out, by this record of the store.</summary>
    public void Issue(CallId call, CounterPermit part, Reservation record, long trueMs)
    {
        var given = new Given(part.Key, call, part.WindowStartMs, part.Max, part.Cost.Nano, part.Intervals)
        {
            EndMs = part.WindowEndMs,
        };
        CheckIssue(given, record, trueMs);
        All.Add(given);
        CheckIssued(given);
    }

    /// <summary>An owner says again what it gave to a call.</summary>
    public void Repeat(CallId call, CounterPermit part) => Find(call, part);

    /// <summary>An owner takes back.</summary>
    public void Return(CallId call, CounterPermit part, Amount amount, ICounter owner, long nowMs)
    {
        var at = Find(call, part);
        var numbers = All[at].Numbers;

        // A clock may be slewed back after this, but neither by more than it was ahead nor behind the record.
        var atMs = Math.Max(owner.WindowStartMs, nowMs - (2 * ClockBounds.EpsilonMs));
        foreach (var gone in part.Last(amount)) numbers = [.. numbers.SelectMany(one => Cut(one, gone))];
        All[at] = All[at] with { Returned = All[at].Returned + amount.Nano, ReturnedMs = atMs, Numbers = numbers };
    }

    /// <summary>Whether an owner whose clock says this takes back what it gave out.</summary>
    public abstract bool MayReturn(CounterPermit part, ICounter owner, long nowMs);

    /// <summary>The server receives a call.</summary>
    public void Send(CallId call, Permit permit, long trueMs)
    {
        if (IsSent(call)) throw new Violation($"call {call} reached the server twice");
        foreach (var part in permit.Parts)
        {
            var at = Find(call, part);
            if (All[at].SentMs is not null) throw new Violation($"{part.Key}: {call} charged twice for one part");
            All[at] = All[at] with { SentMs = trueMs };
            CheckSent(All[at], trueMs);
        }
    }

    /// <summary>
    /// One owner, no faults: a cost is refused only if what is given out leaves no room, at that very moment.
    /// </summary>
    public void CheckRefusal(CounterCost cost, in CounterRefusal refusal, long nowMs)
    {
        var taken = Taken(cost, refusal, nowMs);
        if (taken + cost.Cost.Nano <= cost.Max.Nano)
            throw new Violation($"{cost.Key}: refused {cost.Cost} of {cost.Max} though {taken} are taken");
    }

    /// <summary>A refusal that is not from memory also says when there will be room.</summary>
    public virtual void CheckFreeAt(CounterCost cost, in CounterRefusal refusal)
    {
    }

    /// <summary>
    /// Once every message has arrived, and none was lost: what is out is for calls that were sent, or that may yet be.
    /// Not near the end of a window, which is over for an owner whose clock is ahead.
    /// </summary>
    public void CheckUnsent(Func<CallId, bool> holds, long trueMs)
    {
        var lost = All.Find(one => one.Left > 0 && !IsSent(one.Call) && !holds(one.Call)
            && FreeMs(one) - trueMs > 1000);
        if (lost is not null) throw new Violation($"{lost} is out for a call that was never sent");
    }

    /// <summary>A refusal has reached its frontend, where owners share a store and nothing is given back.</summary>
    public virtual void Hear(CounterKey key, AnsweredCall answer, long trueMs)
    {
    }

    /// <summary>The store's answer may have come too late for what it reserved.</summary>
    public virtual void Lose(CounterKey key, long windowStartMs)
    {
    }

    /// <summary>Checks what was heard, once everything has arrived.</summary>
    public virtual void CheckHeard()
    {
    }

    /// <summary>Returns all that further checks depend on and no counter knows.</summary>
    public abstract void Put(StateText text);

    /// <summary>What leaves no room for a call, at the time of an owner's clock.</summary>
    protected abstract Int128 Taken(CounterCost cost, in CounterRefusal refusal, long nowMs);

    /// <summary>Looks at what is about to be given out.</summary>
    protected virtual void CheckIssue(Given given, Reservation record, long trueMs)
    {
    }

    /// <summary>Looks at all that is given out.</summary>
    protected virtual void CheckIssued(Given given)
    {
    }

    /// <summary>Compares the count with the maximum in force for the call, if there is one owner.</summary>
    protected void CheckCount(Given given, Int128 taken)
    {
        if (HasOneOwner && taken + given.Cost > given.Max.Nano)
            throw new Violation($"{given.Key}: {given.Cost} of {given.Max} given out beside {taken}");
    }

    /// <summary>Looks at all that was sent.</summary>
    protected abstract void CheckSent(Given given, long trueMs);

    protected virtual Int128 MaxOf(CounterKey key) => All.Where(one => one.Key == key).Max(static one => one.Max.Nano);

    /// <summary>When it is free whoever has it.</summary>
    protected virtual long FreeMs(Given given) => given.Key.RecordEndMs(given.StartMs);

    private bool IsSent(CallId call) => All.Exists(one => one.Call == call && one.SentMs is not null);

    private int Find(CallId call, CounterPermit part)
    {
        var at = All.FindIndex(one => one.Call == call && one.Key == part.Key && one.StartMs == part.WindowStartMs
            && one.Returned == 0
            && part.Intervals.All(wanted => one.Numbers.Any(n => n.Low <= wanted.Low && n.High >= wanted.High)));
        return at >= 0
            ? at
            : throw new Violation($"{part.Key}: {part.WindowStartMs} is not, or no more, given to {call}");
    }

    private static IEnumerable<NumberRange> Cut(NumberRange numbers, NumberRange gone)
    {
        if (gone.Low >= numbers.High || gone.High <= numbers.Low) return [numbers];
        NumberRange[] left = [new(numbers.Low, gone.Low), new(gone.High, numbers.High)];
        return left.Where(static one => one.Low < one.High);
    }
}
