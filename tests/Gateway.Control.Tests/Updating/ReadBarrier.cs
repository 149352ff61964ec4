namespace Gateway.Control.Tests.Updating;

/// <summary>Holds whoever reads a store until the test lets it go on.</summary>
internal sealed class ReadBarrier
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once somebody waits.</summary>
    public Task Arrived => _arrived.Task;

    public void Open() => _open.SetResult();

    public Task ArriveAsync()
    {
        _arrived.TrySetResult();
        return _open.Task;
    }
}
