namespace Gateway.TestHarness.Gateways;

/// <summary>The executable in a process of its own, as a shell runs it.</summary>
public sealed class Cli(string folder, Uri? gateway = null, string? adminKey = null)
{
    /// <summary>The executable.</summary>
    public string Program { get; init; } = Programs.Gateway;

    /// <summary>What its environment has besides.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What it reads on standard input; nothing by default.</summary>
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
            // It ended without reading it.
        }
    }
}
