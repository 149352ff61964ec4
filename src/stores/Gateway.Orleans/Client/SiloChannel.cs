using Gateway.Limits.Model;
using Gateway.Orleans.Batching;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>
/// This process's line to the desk of one silo, over which it asks all counters that are owned there. Those whose
/// answers wait for something are asked again on a lane of their own, so that the others do not wait with them.
/// </summary>
internal sealed class SiloChannel
{
    /// <summary>
    /// How long a reply is held for answers that wait: most need one exchange with the store.
    /// </summary>
    private const int HoldMs = 10;

    /// <summary>Held replies are many, and cost nothing meanwhile.</summary>
    private const int LateMessagesMax = 16;

    /// <summary>After it could not be reached, counters are asked themselves for so long.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same where it never has: while an update rolls, a silo of the older release may be on the way to the desk,
    /// which does not know what that is.
    /// </summary>
    private static readonly TimeSpan LongRest = TimeSpan.FromMinutes(1);

    private readonly ClientContext _tools;
    private readonly BatchSender _prompt;
    private readonly BatchSender _late;
    private long _failedAt;
    private long _usedAt;
    private bool _hasFailed;
    private bool _hasAnswered;

    public SiloChannel(string name, ClientContext tools)
    {
        _tools = tools;
        _usedAt = tools.Time.GetTimestamp();
        var desk = new Lazy<ICounterBatchGrain>(
            () => tools.Grains.GetGrain<ICounterBatchGrain>(name), LazyThreadSafetyMode.PublicationOnly);
        _late = new BatchSender(name, desk, HoldMs, LateMessagesMax, this, tools);
        _prompt = new BatchSender(name, desk, holdMs: 0, tools.Options.MessagesMax, this, tools);
    }

    /// <summary>False for a while after it could not be reached.</summary>
    public bool IsOpen =>
        !Volatile.Read(ref _hasFailed)
        || _tools.Time.GetElapsedTime(Volatile.Read(ref _failedAt)) >= (_hasAnswered ? Rest : LongRest);

    /// <summary>True if nothing was asked for this long.</summary>
    public bool IsIdleFor(TimeSpan age) => _tools.Time.GetElapsedTime(Volatile.Read(ref _usedAt)) >= age;

    /// <summary>Asks the owner that the question names.</summary>
    public void Send(PendingRequest question)
    {
        Volatile.Write(ref _usedAt, question.AskedAt);
        _prompt.Add(question);
    }

    /// <summary>Asks again, and waits for the answer.</summary>
    public void SendLate(PendingRequest question) => _late.Add(question);

    /// <summary>This call's numbers can no longer come back; told with the next question, or soon.</summary>
    public void Commit(UInt128 owner, CallId id, bool isSoon) =>
        _prompt.Commit(new SettledCall(owner, id.Bits), isSoon);

    /// <summary>Tells what is to be told soon.</summary>
    public void Flush() => _prompt.Flush();

    /// <summary>It answered.</summary>
    public void Succeed() => _hasAnswered = true;

    /// <summary>
    /// It did not answer in time. Once it has answered, that says nothing against asking it: counters of a silo that is
    /// paused or has too much to do answer no sooner, and each on its own costs it more.
    /// </summary>
    public void TimeOut()
    {
        if (!_hasAnswered) Fail();
    }

    /// <summary>It could not be reached.</summary>
    public void Fail()
    {
        Volatile.Write(ref _failedAt, _tools.Time.GetTimestamp());
        Volatile.Write(ref _hasFailed, true);
    }
}
