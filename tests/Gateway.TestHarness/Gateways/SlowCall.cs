namespace Gateway.TestHarness.Gateways;

/// <summary>One call at a <see cref="SlowServer"/>.</summary>
public sealed class SlowCall
{
    private readonly TaskCompletionSource _mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The time of arrival.</summary>
    public long ArrivedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Completes when the server may respond.</summary>
    public Task MayAnswer => _mayAnswer.Task;

    /// <summary>Completes when the client closes the connection without a response.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Lets the server respond.</summary>
    public void Answer() => _mayAnswer.TrySetResult();

    internal void End() => _ended.TrySetResult();
}
