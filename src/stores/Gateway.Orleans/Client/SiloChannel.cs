using Gateway.Limits.Model;
using Gateway.Orleans.Batching;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Client;

/// <summary>
/// This process's connection to the batch grain of one silo, used for all counters owned there. Requests whose results
/// are not ready are sent again in a separate queue, so that the others do not wait for them.
/// </summary>
internal sealed class SiloChannel
{
    /// <summary>Milliseconds for which a reply waits for late results; most need one exchange with the store.</summary>
    private const int HoldMs = 10;

    /// <summary>
    /// Maximum messages of the separate queue. Waiting replies are numerous and cost nothing while they wait.
    /// </summary>
    private const int LateMessagesMax = 16;

    /// <summary>After a failure, counters are called directly for this long.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Duration of direct calls if the batch grain has never responded: during a rolling update, a silo of an older
    /// release without batch grains may be involved.
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
        var grain = new Lazy<ICounterBatchGrain>(
            () => tools.Grains.GetGrain<ICounterBatchGrain>(name), LazyThreadSafetyMode.PublicationOnly);
        _late = new BatchSender(name, grain, HoldMs, LateMessagesMax, this, tools);
        _prompt = new BatchSender(name, grain, holdMs: 0, tools.Options.MessagesMax, this, tools);
    }

    /// <summary>False for a while after a failure.</summary>
    public bool IsOpen =>
        !Volatile.Read(ref _hasFailed)
        || _tools.Time.GetElapsedTime(Volatile.Read(ref _failedAt)) >= (_hasAnswered ? Rest : LongRest);

    /// <summary>Returns true if there was no request for this long.</summary>
    public bool IsIdleFor(TimeSpan age) => _tools.Time.GetElapsedTime(Volatile.Read(ref _usedAt)) >= age;

    /// <summary>Sends a request to the owner that it names.</summary>
    public void Send(PendingRequest question)
    {
        Volatile.Write(ref _usedAt, question.AskedAt);
        _prompt.Add(question);
    }

    /// <summary>Sends a request again and waits for its result.</summary>
    public void SendLate(PendingRequest question) => _late.Add(question);

    /// <summary>Reports, with the next request or soon, that this call's numbers can no longer be returned.</summary>
    public void Commit(UInt128 owner, CallId id, bool isSoon) =>
        _prompt.Commit(new CommittedCall(owner, id.Bits), isSoon);

    /// <summary>Sends the reports that are due soon.</summary>
    public void Flush() => _prompt.Flush();

    /// <summary>Records that the batch grain replied.</summary>
    public void Succeed() => _hasAnswered = true;

    /// <summary>
    /// Records a timeout. Once the batch grain has replied before, a timeout is no reason to avoid it: counters of a
    /// paused or overloaded silo reply no sooner, and individual calls cost the silo more.
    /// </summary>
    public void TimeOut()
    {
        if (!_hasAnswered) Fail();
    }

    /// <summary>Records that the batch grain could not be reached.</summary>
    public void Fail()
    {
        Volatile.Write(ref _failedAt, _tools.Time.GetTimestamp());
        Volatile.Write(ref _hasFailed, true);
    }
}
