using Gateway.Admin.Backtesting;
using Gateway.Audit.Replaying;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>
/// A replay that runs as a job of a gateway, on its own records or its fleet's, and is polled for progress.
/// </summary>
internal static class ReplayJob
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="client">The gateway.</param>
    /// <param name="body">The job, as the API takes it.</param>
    /// <param name="silent">Frontends that are already known not to respond.</param>
    /// <param name="progress">The output for the progress.</param>
    /// <param name="cancellation">Cancels the job.</param>
    /// <exception cref="AdminProblemException">The gateway refused the request.</exception>
    public static async Task<ReplayResult?> RunAsync(
        AdminClient client, BacktestInput body, IReadOnlyList<Uri> silent, ReplayProgressLine progress,
        CancellationToken cancellation)
    {
        // Not cancelled here: without the id in the response, the job could not be ended.
        var job = (await client.PostAsync(
            "backtests", body, ClientJson.Default.BacktestInput, ClientJson.Default.BacktestView,
            CancellationToken.None)).Value;
        foreach (var away in job.Away)
        {
            if (!silent.Any(one => one.GetLeftPart(UriPartial.Authority) == away.Frontend))
            {
                Console.Error.WriteLine($"{away.Frontend} sent no records, so its calls are not included: "
                    + VisibleText.Of(away.Why));
            }
        }

        var path = $"backtests/{job.Id}";
        try
        {
            while (job.State == "running")
            {
                progress.Show(job.Records, job.Progress);
                await Task.Delay(AskEvery, TimeProvider.System, cancellation);
                job = (await client.GetAsync(path, ClientJson.Default.BacktestView, cancellation)).Value;
            }
        }
        finally
        {
            // The result has been read, or is no longer wanted.
            await client.DeleteAsync(path, null, CancellationToken.None);
        }

        if (job.Result is { } report)
            return new ReplayResult(report, job.Others);
        Console.Error.WriteLine($"The replay {job.State}: {job.Problem}");
        return null;
    }
}

/// <summary>The result of a replay.</summary>
/// <param name="Report">The report.</param>
/// <param name="HasOthers">True if other frontends have their own records, which are not included.</param>
internal sealed record ReplayResult(ReplayReport Report, bool HasOthers);
