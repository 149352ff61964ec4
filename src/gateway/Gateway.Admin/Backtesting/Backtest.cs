using Gateway.Audit.Replaying;

namespace Gateway.Admin.Backtesting;

/// <summary>One replay, on a thread of its own.</summary>
internal sealed class Backtest(string id, DateTimeOffset started, DateTimeOffset since, string by) : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _lock = new();
    private string _state = "running";
    private ReplayReport? _report;
    private string? _problem;
    private ReplayProgress _progress;

    public string Id => id;

    public DateTimeOffset Started => started;

    public bool IsRunning
    {
        get
        {
            lock (_lock)
                return _state == "running";
        }
    }

    /// <summary>The policy in whose place it stands, where one was named.</summary>
    public string? Name { get; init; }

    /// <summary>Runs to its end; never throws.</summary>
    /// <param name="request">What is replayed.</param>
    /// <param name="failed">Told of what nobody expected.</param>
    public void Run(ReplayRequest request, Action<Exception> failed)
    {
        try
        {
            var report = new ReplayRun(request).Run(Note, _cancel.Token);
            End("done", report, null);
        }
        catch (OperationCanceledException)
        {
            End("cancelled", null, null);
        }
        catch (Exception e)
        {
            End("failed", null, "The gateway failed at this; its log says why.");
            failed(e);
        }
        finally
        {
            request.Arguments?.Dispose();
        }
    }

    public void Cancel() => _cancel.Cancel();

    public BacktestView View(string frontend, bool others)
    {
        lock (_lock)
        {
            var share = _state == "done" ? 1
                : (double)_progress.Bytes / Math.Max(1, _progress.BytesTotal);
            return new BacktestView(id, _state, started, since, Math.Min(1, share), _progress.Records)
            {
                Name = Name,
                By = by,
                Result = _report,
                Problem = _problem,
                Frontend = frontend,
                Others = others,
            };
        }
    }

    public void Dispose() => _cancel.Dispose();

    private void Note(ReplayProgress progress)
    {
        lock (_lock)
            _progress = progress;
    }

    private void End(string state, ReplayReport? report, string? problem)
    {
        lock (_lock)
            (_state, _report, _problem) = (state, report, problem);
    }
}
