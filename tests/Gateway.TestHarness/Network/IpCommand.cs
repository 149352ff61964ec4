namespace Gateway.TestHarness.Network;

/// <summary>The command <c>ip</c> of iproute2.</summary>
public static class IpCommand
{
    /// <summary>Runs it to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message contains the reason.</exception>
    public static async Task<string> RunAsync(string arguments)
    {
        var (status, output, errors) = await StartAsync(arguments);
        return status == 0
            ? output
            : throw new InvalidOperationException($"ip {arguments} ended with {status}: {errors}");
    }

    /// <summary>Runs it to its end; returns the error output if it failed, otherwise null.</summary>
    public static async Task<string?> TryAsync(string arguments)
    {
        var (status, _, errors) = await StartAsync(arguments);
        return status == 0 ? null : errors;
    }

    private static async Task<(int Status, string Output, string Errors)> StartAsync(string arguments)
    {
        var start = new ProcessStartInfo("ip", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
