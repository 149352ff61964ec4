namespace Gateway.Fleet.Tests.Histories;

/// <summary>What reached the recording server: the truth, whatever gateways and agents say.</summary>
internal static class ServerRecord
{
    extension(RecordingServer server)
    {
        /// <summary>Calls of this tool that reached it.</summary>
        public int Seen(string tool) => server.Requests.Count(
            request => request.Text.Contains($"\"name\":\"{tool}\"", StringComparison.Ordinal));

        public IReadOnlyList<string> CallIds() =>
            [.. server.Requests.Select(request => request.Headers["Policy-Gateway-Call"])];

        public void AssertNoCallTwice()
        {
            var calls = server.CallIds();
            Assert.Equal(calls.Count, calls.Distinct().Count());
        }

        /// <summary>Waits until so many calls have reached it, so that a fault falls amid the load.</summary>
        public Task ReachAsync(int calls) =>
            Soon.UntilAsync(() => server.Requests.Count >= calls, $"{calls} calls reach the server");
    }
}
