using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Admin.Grants;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary><c>gateway grant set</c>: changes the named members and leaves the rest, including the token.</summary>
internal static class GrantSet
{
    private const string Never = "never";

    private static readonly Argument<string> Name = Resources.Grants.Name;

    private static readonly Option<string[]> Server = new("--server")
    {
        Description = "A server to add to the grant, or a server whose policy changes, as server=policy. Repeatable.",
        HelpName = "SERVER=POLICY",
    };

    private static readonly Option<string[]> Without = new("--remove-server")
    {
        Description = "A server to remove from the grant. The grant's streams to that server close. Repeatable.",
        HelpName = "SERVER",
    };

    private static readonly Option<string?> Expires = new("--expires")
    {
        Description = $"The expiry: {WrittenTime.Rule}, or never.",
        HelpName = "WHEN",
    };

    public static Command Create()
    {
        Option[] options = [Server, Without, Expires, .. GrantOptions.Members.All];
        var command = RemoteVerb.Create("set",
            "Change members of a grant. Members that are not given, and the token, stay the same."
            + "\n\nExamples:\n"
            + "  gateway grant set support-bot --server crm=support-strict\n"
            + "  gateway grant set support-bot --expires 30d", RunAsync,
            [Name, RemoteVerb.Reason, .. options]);
        MemberOptions.RequireOne(command, options);
        command.Validators.Add(Check);
        return command;
    }

    private static void Check(CommandResult result)
    {
        var (added, removed) = (result.GetValue(Server) ?? [], result.GetValue(Without) ?? []);
        var names = added.Select(static pair => pair.Split('=', 2)[0]).ToList();
        if (added.Any(static pair => pair.Split('=', 2) is not [{ Length: > 0 }, { Length: > 0 }]))
            result.AddError("Write --server as server=policy.");
        if (names.Concat(removed).CountBy(static name => name).FirstOrDefault(static name => name.Value > 1)
            is { Key: not null } twice)
            result.AddError($"The server {twice.Key} occurs twice; write it once.");
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        DateTimeOffset? end = null;
        if (parsed.GetValue(Expires) is { } text and not Never && (end = GrantOptions.Expires(text)) is null)
            return ExitCode.Usage;
        var name = parsed.GetValue(Name)!;
        var path = Resources.Grants.PathOf(name);
        var known = await client.GetAsync(path, ClientJson.Default.GrantView, cancellation);
        var reached = known.Value.Servers ?? [];
        var servers = new JsonObject();
        foreach (var server in parsed.GetValue(Without) ?? [])
        {
            if (!reached.ContainsKey(server))
            {
                Console.Error.WriteLine(
                    $"The grant {name} does not reach the server \"{server}\"; it reaches: "
                    + $"{string.Join(", ", reached.Keys)}. Nothing was changed.");
                return ExitCode.No;
            }

            servers[server] = null;
        }

        foreach (var pair in parsed.GetValue(Server) ?? [])
            servers[pair.Split('=', 2)[0]] = pair.Split('=', 2)[1];
        var patch = new JsonObject();
        if (servers.Count > 0)
            patch["servers"] = servers;
        if (parsed.GetValue(Expires) is not null)
            patch["expires"] = end;
        if (!GrantOptions.Members.TryRead(parsed, patch))
            return ExitCode.Usage;
        var set = GrantSpec.Members.Any(one => one.Kind == MemberKind.Json && patch.ContainsKey(one.NameOnWire))
            ? await client.PutAsync(
                path, Encoding.UTF8.GetBytes(Whole(known.Value, patch).ToJsonString()), known.ETag ?? "*",
                ClientJson.Default.GrantView, cancellation)
            : await client.PatchAsync(path, patch, known.ETag ?? "*", ClientJson.Default.GrantView, cancellation);
        output.Say($"{name} was changed: {ResourceText.Servers(set.Value)}.", set.Json);
        return ExitCode.Well;
    }

    /// <summary>
    /// Returns the whole configuration with the changes. An object from a file must replace the present one, while a
    /// merge patch would merge the two, and could not set a null inside.
    /// </summary>
    private static JsonObject Whole(GrantView grant, JsonObject patch)
    {
        var body = GrantOptions.Body(null, grant.Servers, null);
        // An explicit null means that the grant never expires; the gateway refuses an absent member.
        body["expires"] = grant.Expires;
        grant.TakeFormerNames(static (_, _) => { });
        foreach (var (member, value) in patch)
        {
            var map = member == "servers" ? body[member]
                : GrantSpec.Members.FirstOrDefault(one => one.Kind == MemberKind.Map && one.NameOnWire == member)
                    is { } declared
                ? MapOf((Dictionary<string, string>?)declared.Get(grant))
                : null;
            body[member] = map is JsonObject present
                ? MergePatch.Apply(present, value!.AsObject()) : value?.DeepClone();
        }

        return body;
    }

    private static JsonObject MapOf(Dictionary<string, string>? map) => new(
        (map ?? []).Select(static one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value)));
}
