using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Answers;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>A kind of object of the API. Its simple verbs follow from its address, contract and columns.</summary>
/// <param name="Noun">The word on the command line.</param>
/// <param name="Path">The address of the list, below the root of the API.</param>
/// <param name="Page">The contract of the list.</param>
/// <param name="WhenEmpty">The sentence that replaces an empty list.</param>
/// <param name="Columns">The columns of the list.</param>
internal sealed record Resource<T>(
    string Noun, string Path, JsonTypeInfo<PageView<T>> Page, string WhenEmpty,
    params (string Head, Func<T, string?> Cell)[] Columns)
{
    /// <summary>The name of one object, as an argument of each verb.</summary>
    public Argument<string> Name { get; } = new("name") { Description = $"The {Noun}'s name." };

    /// <summary>The contract of one object; null if the API shows only lists.</summary>
    public JsonTypeInfo<T>? One { get; init; }

    /// <summary>The facts of one object, in the order in which <c>show</c> prints them.</summary>
    public Func<T, (string Name, string? Value)[]> Facts { get; init; } = static _ => [];

    /// <summary>Sentences below the facts.</summary>
    public Func<T, IEnumerable<string>> Notes { get; init; } = static _ => [];

    /// <summary>Returns the address of the object that the command line names.</summary>
    public string PathOf(ParseResult parsed) => PathOf(parsed.GetValue(Name)!);

    public string PathOf(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    /// <summary>
    /// Lists all objects, or those that the filters select; each filter's name is a parameter of the API.
    /// </summary>
    public Command List(string help, params Option<string?>[] filters) => RemoteVerb.CreateRows(
        "list", help, async (parsed, client, output, cancellation) =>
        {
            List<(string Name, string Value)> given = [.. filters
                .Where(filter => parsed.GetValue(filter) is { Length: > 0 })
                .Select(filter => (filter.Name[2..], Uri.EscapeDataString(parsed.GetValue(filter)!)))];
            if (given.Count == 0)
                return await ListAsync(Path, client, output, cancellation);
            var query = string.Join('&', given.Select(static one => $"{one.Name}={one.Value}"));
            var found = await client.ListAsync($"{Path}?{query}", Page, cancellation);
            // If nothing is found, distinguish a name that does not exist from a filter that nothing matches.
            foreach (var (name, value) in found.Count == 0 ? given : [])
            {
                if (name is "server" or "grant")
                    await client.GetAsync($"{name}s/{value}", cancellation);
            }

            output.List(found, $"No {Noun} matches the filters.", Columns);
            return ExitCode.Well;
        }, [.. filters]);

    /// <summary>Shows one object.</summary>
    public Command Show(string help) => RemoteVerb.CreateRows(
        "show", help, async (parsed, client, output, cancellation) =>
        {
            Print(await client.GetAsync(PathOf(parsed), One!, cancellation), output);
            return ExitCode.Well;
        }, Name);

    /// <summary>Pauses one object, with a reason and an end if they are given.</summary>
    public Command Pause(string help) => RemoteVerb.Create(
        "pause", help, async (parsed, client, output, cancellation) =>
        {
            var after = await PauseCommand.SendAsync(parsed, client, $"{PathOf(parsed)}/pause", One!, cancellation);
            output.Say($"{parsed.GetValue(Name)} is paused.", after.Json);
            return ExitCode.Well;
        }, [Name, .. PauseCommand.Details]);

    /// <summary>Sends an action without a body to one object.</summary>
    public Command Act(string verb, string help, Func<string, T, string> done) => RemoteVerb.Create(
        verb, help, async (parsed, client, output, cancellation) =>
        {
            var after = await client.PostAsync($"{PathOf(parsed)}/{verb}", One!, cancellation);
            output.Say(done(parsed.GetValue(Name)!, after.Value), after.Json);
            return ExitCode.Well;
        }, Name, RemoteVerb.Reason);

    /// <summary>Changes the declared members of one object that the command line names; the others stay.</summary>
    /// <param name="help">The text of its help.</param>
    /// <param name="members">The members.</param>
    /// <param name="warn">Warns about the new values after the change; null if there is nothing to warn about.</param>
    public Command Set(
        string help, MemberOptions members, Func<AdminClient, JsonObject, CancellationToken, Task>? warn = null)
    {
        var command = RemoteVerb.Create(
            "set", help, async (parsed, client, output, cancellation) =>
            {
                var patch = new JsonObject();
                if (!members.TryRead(parsed, patch))
                    return ExitCode.Usage;
                var path = PathOf(parsed);
                var version = await client.VersionAsync(path, cancellation);
                var set = await client.PatchAsync(path, patch, version ?? "*", One!, cancellation);
                if (warn is not null)
                    await warn(client, patch, cancellation);
                output.Say($"{parsed.GetValue(Name)} was changed.", set.Json);
                return ExitCode.Well;
            }, [Name, RemoteVerb.Reason, .. members.All]);
        MemberOptions.RequireOne(command, members.All);
        return command;
    }

    /// <summary>Removes one object.</summary>
    /// <param name="verb">The name of the verb.</param>
    /// <param name="help">The text of its help.</param>
    /// <param name="done">The text that follows the name after the removal.</param>
    /// <param name="isUnconditional">True to remove the object even if it was changed since it was read.</param>
    public Command Remove(string verb, string help, string done, bool isUnconditional = false) => RemoteVerb.Create(
        verb, help, async (parsed, client, output, cancellation) =>
        {
            var path = PathOf(parsed);
            var version = isUnconditional ? null : await client.VersionAsync(path, cancellation);
            await client.DeleteAsync(path, version ?? "*", cancellation);
            output.Say($"{parsed.GetValue(Name)} {done}", null);
            return ExitCode.Well;
        }, Name, RemoteVerb.Reason);

    public async Task<int> ListAsync(string path, AdminClient client, Output output, CancellationToken cancellation)
    {
        output.List(await client.ListAsync(path, Page, cancellation), WhenEmpty, Columns);
        return ExitCode.Well;
    }

    public void Print(Reply<T> one, Output output)
    {
        output.Facts(one.Json, Facts(one.Value));
        foreach (var note in Notes(one.Value))
            output.Note(note);
    }
}
