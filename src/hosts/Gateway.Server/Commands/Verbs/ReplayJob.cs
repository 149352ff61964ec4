using System.Text.Json.Nodes;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

/// <summary>Has a running gateway replay its own record, as a job that is asked how far it is.</summary>
internal static class ReplayJob
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    /// <exception cref="AdminProblemException">The gateway says no.</exception>
    public static async Task<JsonObject?> RunAsync(
        AdminClient client, byte[] policy, string? name, DateTimeOffset since, ReplayProgressLine progress,
        CancellationToken cancellation)
    {
        var body = new JsonObject { ["policy"] = JsonNode.Parse(policy), ["name"] = name, ["since"] = $"{since:O}" };
        var job = (await client.SendAsync("POST", "backtests", body, null, cancellation)).Object;
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
