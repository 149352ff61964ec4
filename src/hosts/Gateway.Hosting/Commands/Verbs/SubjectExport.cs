using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Persons;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway subject export</c>: writes everything that the gateway holds about a person.</summary>
internal static class SubjectExport
{
    public static Command Create(Argument<string> issuer, Argument<string> subject) => RemoteVerb.Create("export",
        "Write everything that the gateway holds about a caller, one JSON object per line: records, requests for "
        + "approval,\nconnections and pauses. It also lists the copies that other systems hold. Each frontend has its "
        + "own records.\nExits with 1 if there is nothing.\n\n"
        + "Example:\n  gateway subject export corp 00u1ana > ana.jsonl",
        (parsed, client, output, cancellation) => RunAsync(
            parsed, client, output,
            new PersonInput { Issuer = parsed.GetValue(issuer)!, Subject = parsed.GetValue(subject)! }, cancellation),
        issuer, subject, Frontends.Addresses);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, PersonInput person, CancellationToken cancellation)
    {
        var count = 0;
        var isFirst = true;
        var (answers, away) = await Frontends.AskAsync(parsed, client, async one =>
        {
            var page = await PageAsync(one, person, cancellation);
            // Frontends share the store, so the first one has reported what is in it.
            if (isFirst)
                count += Shared(output, page.Value);
            isFirst = false;
            while (true)
            {
                foreach (var record in page.Value.Records)
                    Line(output, "record", JsonObject.Create(record)!, page.Value.Frontend);
                count += page.Value.Records.Count;

                if (!page.Value.More)
                    return page.Value;
                page = await PageAsync(one, person with { Cursor = page.Value.Next }, cancellation);
            }
        }, cancellation);
        if (parsed.GetValue(Frontends.Addresses) is not { Length: > 0 } && answers[0].Answer.Others)
            Console.Error.WriteLine("Other frontends have their own records. To include them, name all frontends with "
                + "--frontends.");
        return away.Count > 0 ? ExitCode.Unreachable : count > 0 ? ExitCode.Well : ExitCode.No;
    }

    private static Task<Reply<PersonPage>> PageAsync(
        AdminClient client, PersonInput person, CancellationToken cancellation) => client.PostAsync(
        "audit/person", person, ClientJson.Default.PersonInput, ClientJson.Default.PersonPage, cancellation);

    /// <summary>Prints what the store holds; returns the number of objects, without the copies elsewhere.</summary>
    private static int Shared(Output output, PersonPage page)
    {
        var count = 0;
        Add("approval", page.Approvals, ClientJson.Default.ApprovalView);
        Add("connection", page.Connections, ClientJson.Default.ConnectionView);
        Add("pause", page.Pauses, ClientJson.Default.SubjectView);
        var held = count;
        Add("copy", page.Copies, ClientJson.Default.CopyView);
        return held;

        void Add<T>(string of, IReadOnlyList<T>? all, JsonTypeInfo<T> type)
        {
            foreach (var one in all ?? [])
                Line(output, of, JsonSerializer.SerializeToNode(one, type)!, null);
            count += all?.Count ?? 0;
        }
    }

    private static void Line(Output output, string of, JsonNode value, string? frontend)
    {
        var line = new JsonObject { ["of"] = of };
        if (frontend is not null)
            line["frontend"] = frontend;
        line["value"] = value;
        output.Line(line.ToJsonString());
    }
}
