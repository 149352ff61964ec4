namespace Gateway.TestHarness.Gateways;

/// <summary>One call at a <see cref="SlowServer"/>.</summary>
public sealed class SlowCall
{
    private readonly TaskCompletionSource _mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When it arrived.</summary>
    public long ArrivedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Ends once the server may answer it.</summary>
    public Task MayAnswer => _mayAnswer.Task;

    /// <summary>Ends when whoever sent it has closed the connection without an answer.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Lets the server answer it.</summary>
    public void Answer() => _mayAnswer.TrySetResult();

    internal void End() => _ended.TrySetResult();
}
