using System.CommandLine;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary>Requests about the tools of several servers. One that does not respond does not hide the others.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="servers">The servers, in the order of the results.</param>
internal sealed class ServerRequests(ParseResult parsed, IReadOnlyList<string> servers)
{
    private const int AtOnceMax = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RefreshPatience = TimeSpan.FromSeconds(30);

    /// <summary><see cref="ExitCode.Unreachable"/> once a server did not respond.</summary>
    public int Code { get; private set; } = ExitCode.Well;

    /// <summary>
    /// Sends all requests and returns the responses. For a server without one, prints the reason on standard error.
    /// </summary>
    public async Task<List<(string Server, T Answer)>> SendAsync<T>(
        Func<string, CancellationToken, Task<Reply<T>>> send, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(AtOnceMax);
        var responses = await Task.WhenAll(servers.Select(async Task<(Reply<T>? Reply, string? Why)> (server) =>
        {
            await places.WaitAsync(cancellation);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            // An operator who names one server waits for it: a program may first be downloaded.
            if (servers.Count > 1)
                waiting.CancelAfter(Longest);
            try
            {
                return (await send(server, waiting.Token), null);
            }
            catch (AdminProblemException e) when (e.Status == 502)
            {
                return (null, e.Message);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return (null, $"The server {server} did not list its tools within "
                    + $"{Longest.TotalSeconds} s. To wait longer, use --server {server}.");
            }
            finally
            {
                places.Release();
            }
        }));
        var answers = new List<(string, T)>();
        foreach (var (server, (reply, why)) in servers.Zip(responses))
        {
            if (reply is not null)
            {
                answers.Add((server, reply.Value));
                continue;
            }

            Console.Error.WriteLine(VisibleText.Of(why!));
            Code = ExitCode.Unreachable;
        }

        return answers;
    }

    private TimeSpan Longest => parsed.GetValue(ToolsCommand.Refresh) ? RefreshPatience : Patience;
}
