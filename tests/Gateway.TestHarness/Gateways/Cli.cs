namespace Gateway.TestHarness.Gateways;

/// <summary>The executable as a separate process, run as a shell would run it.</summary>
public sealed class Cli(string folder, Uri? gateway = null, string? adminKey = null)
{
    /// <summary>The executable.</summary>
    public string Program { get; init; } = Programs.Gateway;

    /// <summary>Additional environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The standard input; empty by default.</summary>
    public string Input { get; set; } = "";

    public async Task<CliRun> RunAsync(params string[] arguments)
    {
        var command = Programs.Command(Program, arguments);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["GATEWAY_URL"] = gateway?.ToString() ?? "http://127.0.0.1:1";
        start.Environment["GATEWAY_ADMIN_KEY"] = adminKey ?? "";
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var input = SendAsync(process);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Soon.AtMost);
        await input;
        return new CliRun(process.ExitCode, await output, await errors);
    }

    private async Task SendAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteAsync(Input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process ended without reading its input.
        }
    }
}
