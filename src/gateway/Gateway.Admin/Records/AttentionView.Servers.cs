using Gateway.Policy.Text;

namespace Gateway.Admin.Records;

/// <content>The conditions of servers and their tools.</content>
internal sealed partial record AttentionView
{
    private static IEnumerable<AttentionView> Servers(StatusView status)
    {
        foreach (var server in status.ServerStates)
        {
            var page = $"servers/{server.Name}";
            if (server.Health is "unreachable" or "failing")
            {
                yield return new(
                    "server.failing",
                    Critical,
                    server.LacksCredential == true ? $"The gateway has no valid credential for the server {server.Name}"
                        : $"The server {server.Name} "
                            + (server.Health == "failing" ? "returns no usable response" : "does not respond"),
                    page)
                {
                    Server = server.Name,
                    Detail = server.Fault,
                    Since = server.Since,
                };
            }
            else if (server is { ListFault: { } why, Paused: false })
            {
                yield return new("server.unlisted", Warning, $"The tools of {server.Name} cannot be listed", page)
                {
                    Server = server.Name,
                    Detail = why,
                    Since = server.ListFailedSince,
                };
            }

            foreach (var one in Definitions(server, page))
                yield return one;
            if (server.Paused)
            {
                yield return Paused(
                    new("server.paused", Warning, $"The server {server.Name} is paused", page) { Server = server.Name },
                    server.Pause);
            }
        }
    }

    private static IEnumerable<AttentionView> Definitions(ServerStateView server, string page)
    {
        if (server.BlockedTools > 0)
        {
            yield return new(
                "tool.blocked",
                Critical,
                $"{Spelling.Count(server.BlockedTools, "tool")} of {server.Name} blocked: suspicious definition",
                page)
            {
                Server = server.Name,
                Detail = "Compare each definition with the accepted one before you accept it.",
            };
        }

        if (server.SuspiciousTools > 0)
        {
            yield return new(
                "tool.suspicious",
                Critical,
                $"{Spelling.Count(server.SuspiciousTools, "tool")} of {server.Name} with a suspicious definition "
                    + "that nobody has accepted",
                page)
            {
                Server = server.Name,
                Detail = "Only policies with \"pin\": \"deny\" refuse these tools. Read each definition, and accept "
                    + "it or pause the tool.",
            };
        }

        if (server.UnacceptedTools > server.SuspiciousTools)
        {
            yield return new(
                "tool.changed",
                Warning,
                Unaccepted(server),
                page)
            {
                Server = server.Name,
                Detail = "Policies with \"pin\": \"deny\" refuse these tools until an operator accepts them.",
            };
        }

        if (server.DriftedItems > 0)
            yield return ChangedItems(server, page);
    }

    private static AttentionView ChangedItems(ServerStateView server, string page) => new(
        "item.changed",
        Warning,
        Spelling.Count(server.DriftedItems, "prompt or resource", "prompts or resources")
            + $" of {server.Name} changed since acceptance, new or suspicious",
        page)
    {
        Server = server.Name,
        Detail = "Policies do not refuse changed prompts and resources. Compare each definition before you accept it.",
    };

    private static string Unaccepted(ServerStateView server)
    {
        var changed = server.UnacceptedTools - server.NewTools;
        return (changed, server.NewTools) switch
        {
            (_, 0) => $"{Spelling.Count(changed, "tool")} of {server.Name} changed since acceptance",
            (0, _) => $"{Spelling.Count(server.NewTools, "tool")} of {server.Name} not accepted yet",
            _ => $"{Spelling.Count(changed, "tool")} of {server.Name} changed since acceptance, {server.NewTools} not "
                + "accepted yet",
        };
    }
}
