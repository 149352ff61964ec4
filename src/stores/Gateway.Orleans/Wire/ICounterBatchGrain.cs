namespace Gateway.Orleans.Wire;

/// <summary>
/// Where a frontend asks many counters of one silo in one message; the key names the silo. It hands each question to
/// the activation that owns the counter, which is found by the name that it gave itself, and owns nothing. A counter
/// is asked as <see cref="ICounterGrain"/> until its owner has named its desk, and again once it is not found there.
/// </summary>
[Alias("gateway.counter-desk")]
internal interface ICounterBatchGrain : IGrainWithStringKey
{
    /// <summary>Answers every question of a message, in order, in the format of <c>Desks/DeskFormat.cs</c>.</summary>
    [Alias("ask")]
    [ResponseTimeout("00:00:01")]
    ValueTask<BatchBytes> AskAsync(BatchBytes asks);
}
