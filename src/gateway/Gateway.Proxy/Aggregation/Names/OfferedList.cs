using Gateway.Proxy.Aggregation.Inner;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>One request to a server for a list.</summary>
internal sealed class OfferedList(Func<Task<ServerAnswer>> ask, TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private readonly long _began = time.GetTimestamp();
    // Awaited inside, so that an exception of `ask` itself becomes a failed task as well.
    private readonly Lazy<Task<ServerAnswer>> _answer = new(async () => await ask());

    /// <summary>The response; the first access sends the request.</summary>
    public Task<ServerAnswer> Answer => _answer.Value;

    /// <summary>True if a new request is due: at once after a failure, a moment later after a success.</summary>
#pragma warning disable RS0030 // The task is completed.
    public bool IsOver => Answer.IsCompleted && (!Answer.IsCompletedSuccessfully || Answer.Result.Why is not null
#pragma warning restore RS0030
        || time.GetElapsedTime(_began) >= AskAgain);
}
