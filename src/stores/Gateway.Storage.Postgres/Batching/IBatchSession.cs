namespace Gateway.Storage.Postgres.Batching;

/// <summary>One connection with one prepared statement over arrays; used by one batch at a time.</summary>
internal interface IBatchSession<TRequest, TReply> : IAsyncDisposable
{
    /// <summary>
    /// Runs the statement for every request of the batch in one round trip and fills <paramref name="replies"/>, which
    /// initially contains the reply for an unknown outcome. Throws if the connection or the statement fails.
    /// </summary>
    Task RunAsync(
        ArraySegment<Pending<TRequest, TReply>> batch, TReply[] replies, CancellationToken cancellationToken);
}
