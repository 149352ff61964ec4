using Gateway.Audit.Replaying;

namespace Gateway.Admin.Backtesting;

/// <summary>One replay, on its own thread.</summary>
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

    /// <summary>The name of the policy that the edit replaces; null if none was specified.</summary>
    public string? Name { get; init; }

    /// <summary>The other frontends whose records are included.</summary>
    public IReadOnlyList<string> Frontends { get; set; } = [];

    /// <summary>The requested frontends that sent no record.</summary>
    public IReadOnlyList<BacktestAway> Away { get; set; } = [];

    /// <summary>True if frontends were specified and each sent its record.</summary>
    public bool HasAllNamed { get; set; }

    /// <summary>Canceled together with the replay.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Runs the replay to its end; never throws.</summary>
    /// <param name="request">The records and the policy.</param>
    /// <param name="failed">Receives unexpected exceptions.</param>
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
        catch (IOException e)
        {
            End("failed", null, $"The audit log of a frontend could not be read completely: {e.Message}.");
        }
        catch (Exception e)
        {
            End("failed", null, "The replay failed; the gateway's log has the reason.");
            failed(e);
        }
        finally
        {
            foreach (var source in request.Sources)
                source.Dispose();
        }
    }

    public void Cancel() => _cancel.Cancel();

    /// <param name="frontend">The name of this frontend.</param>
    /// <param name="isFleet">True if there are other frontends.</param>
    public BacktestView View(string frontend, bool isFleet)
    {
        var others = isFleet && !HasAllNamed;
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
                Frontends = Frontends,
                Away = Away,
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
