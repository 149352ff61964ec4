namespace Gateway.Orleans.Wire;

/// <summary>
/// Accepts requests for many counters of one silo in one message; the key names the silo. It passes each request to the
/// activation that owns the counter, found by its name, and owns nothing itself. A counter is called through
/// <see cref="ICounterGrain"/> until its owner has named its batch grain, and again once it is not found there.
/// </summary>
[Alias("gateway.counter-desk")]
internal interface ICounterBatchGrain : IGrainWithStringKey
{
    /// <summary>
    /// Returns the replies to every request of a message, in order, in the format of <c>Batching/BatchFormat.cs</c>.
    /// </summary>
    [Alias("ask")]
    [ResponseTimeout("00:00:01")]
    ValueTask<BatchBytes> AskAsync(BatchBytes asks);
}

/// <summary>
/// A batch message or its reply, in a binary format of the gateway: at a hundred requests per message, serializing each
/// as an Orleans object would cost more than deciding it.
/// </summary>
/// <param name="Content">The message; its first byte is the version of its format.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.desk-bytes")]
internal readonly record struct BatchBytes([property: Id(0)] byte[] Content);
