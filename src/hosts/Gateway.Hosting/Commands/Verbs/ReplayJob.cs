using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>Has a running gateway replay its record, or its fleet's, as a job that is asked how far it is.</summary>
internal static class ReplayJob
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="client">The gateway.</param>
    /// <param name="body">The job, as the API takes it.</param>
    /// <param name="silent">Frontends that are known to give no answer.</param>
    /// <param name="progress">Where it is said how far it is.</param>
    /// <param name="cancellation">Cancels the job.</param>
    /// <exception cref="AdminProblemException">The gateway says no.</exception>
    public static async Task<JsonObject?> RunAsync(
        AdminClient client, JsonObject body, IReadOnlyList<Uri> silent, ReplayProgressLine progress,
        CancellationToken cancellation)
    {
        // Not cancelled here: whoever does not hear what job was begun could not end it.
        var job = (await client.SendAsync("POST", "backtests", body, null, CancellationToken.None)).Object;
        foreach (var away in job["away"] as JsonArray ?? [])
        {
            var (frontend, why) = ((string)away!["frontend"]!, VisibleText.Of((string)away["why"]!));
            if (!silent.Any(one => one.GetLeftPart(UriPartial.Authority) == frontend))
                Console.Error.WriteLine($"{frontend} sent no record, and its calls are not in this: {why}");
        }

        var path = $"backtests/{job["id"]}";
        try
        {
            while ((string)job["state"]! == "running")
            {
                progress.Show((long)job["records"]!, (double)job["progress"]!);
                await Task.Delay(AskEvery, TimeProvider.System, cancellation);
                job = (await client.GetAsync(path, cancellation)).Object;
            }
        }
        finally
        {
            // Whoever asked has the answer, or does not want it any more.
            await client.SendAsync("DELETE", path, null, null, CancellationToken.None);
        }

        if (job["result"] is not JsonObject report)
        {
            Console.Error.WriteLine($"The replay {job["state"]}: {job["problem"]}");
            return null;
        }

        report = report.DeepClone().AsObject();
        report["others"] = job["others"]?.DeepClone();
        return report;
    }
}
