namespace Gateway.Server.Tests.Stdio;

/// <summary>Programs that misbehave: what is open fails with a reason, and the next session is well.</summary>
public sealed class BadChildTests
{
    [LinuxFact]
    public async Task A_crash_fails_the_call_and_says_that_it_may_have_happened()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();

        using var answer = await bench.PostAsync(StdioBench.Call("die"), session);
        var text = await answer.Content.ReadAsStringAsync();
        using var after = await bench.PostAsync(StdioBench.Call("echo"), session);
        var fresh = await bench.OpenAsync();

        Assert.Equal(502, (int)answer.StatusCode);
        Assert.Contains("its program ended with exit code 3. The call may have been executed", text);
        Assert.Equal(404, (int)after.StatusCode);
        Assert.Contains("echo", await bench.CallAsync(StdioBench.Call("echo"), fresh));
        var metrics = await bench.MetricsTextAsync();
        Assert.Matches($"gateway_stdio_ends_total\\{{reason=\"crashed\",server=\"{bench.Server}\"\\}} 1", metrics);
        Assert.Matches($"gateway_stdio_starts_total\\{{restart=\"true\",server=\"{bench.Server}\"\\}} 1", metrics);
        Assert.Contains($"gateway_stdio_children{{server=\"{bench.Server}\"}} 1", metrics);
    }

    [LinuxTheory]
    [InlineData("""{ "command": "no-such-program" }""", "was not found.")]
    [InlineData("""{ "command": "/etc/passwd" }""", "cannot be used.")]
    [InlineData("""{ "command": "/bin/cat", "cwd": "/proc/1/nowhere" }""", "cannot be used.")]
    [InlineData("""{ "command": "/bin/sh", "args": ["-c", "exit 3"] }""", "ended with exit code 3.")]
    public async Task A_call_that_no_program_has_read_did_not_happen_and_is_not_counted(string program, string why)
    {
        await using var bench = await StdioBench.StartProgramAsync(program, """
            { "version": "1", "default": "deny",
              "tools": { "echo": { "limits": [ { "counter": "c", "window": "month", "max": 1 } ] } } }
            """);

        var text = await bench.CallAsync(StdioBench.StatelessCall("echo"), null);

        Assert.Contains(why, text);
        Assert.Contains("The call did not reach the server and was not counted", text);
        Assert.DoesNotContain("may have been executed", text);
        // There is room for it still.
        Assert.DoesNotContain("Policy violation", await bench.CallAsync(StdioBench.StatelessCall("echo"), null));
    }

    [LinuxFact]
    public async Task A_call_that_a_program_has_read_may_have_happened_whatever_its_exit_code_says()
    {
        await using var bench = await StdioBench.StartProgramAsync(
            """{ "command": "/bin/sh", "args": ["-c", "read -r line; no-such-program"] }""", """
            { "version": "1", "default": "deny",
              "tools": { "echo": { "limits": [ { "counter": "c", "window": "month", "max": 1 } ] } } }
            """);

        var text = await bench.CallAsync(StdioBench.StatelessCall("echo"), null);

        Assert.Contains("The call may have been executed", text);
        Assert.Contains("Policy violation", await bench.CallAsync(StdioBench.StatelessCall("echo"), null));
    }

    [LinuxFact]
    public async Task A_signal_and_a_partial_line_are_reported_as_such()
    {
        await using var bench = await StdioBench.StartAsync();

        var killed = await bench.CallAsync(StdioBench.Call("vanish"), await bench.OpenAsync());
        var half = await bench.CallAsync(StdioBench.Call("half"), await bench.OpenAsync());

        Assert.Contains("its program was ended by signal 9.", killed);
        Assert.Contains("its program ended with exit code 0.", half);
    }

    [LinuxFact]
    public async Task What_a_program_says_last_still_arrives()
    {
        await using var bench = await StdioBench.StartAsync();

        for (var i = 0; i < 20; i++)
            Assert.Contains("last words", await bench.CallAsync(StdioBench.Call("late"), await bench.OpenAsync()));
    }

    [LinuxFact]
    public async Task Noise_between_messages_is_dropped_and_counted()
    {
        await using var bench = await StdioBench.StartAsync();
        var session = await bench.OpenAsync();

        var answer = await bench.CallAsync(StdioBench.Call("binary"), session);

        Assert.Contains("sober", answer);
        Assert.Matches(
            $"gateway_stdio_lines_dropped_total\\{{server=\"{bench.Server}\"\\}} [1-9]",
            await bench.MetricsTextAsync());
    }

    [LinuxFact]
    public async Task A_flood_without_a_line_break_ends_at_the_bound()
    {
        await using var bench = await StdioBench.StartAsync();
        var flooding = await bench.OpenAsync();
        var calm = await bench.OpenAsync();

        var answer = await bench.CallAsync(StdioBench.Call("flood"), flooding);

        Assert.Contains("its program sent a line of more than 16777216 bytes.", answer);
        Assert.Contains("echo", await bench.CallAsync(StdioBench.Call("echo"), calm));
        await LiveProcesses.AllGoneAsync(() => [bench.Pids[0]]);
    }

    [LinuxFact]
    public async Task Complaints_on_standard_error_hold_nothing_up()
    {
        await using var bench = await StdioBench.StartAsync();

        Assert.Contains("complained", await bench.CallAsync(StdioBench.Call("complain"), await bench.OpenAsync()));
    }

    [LinuxFact]
    public async Task A_large_answer_passes_whole()
    {
        await using var bench = await StdioBench.StartAsync(env: ", \"LARGE\": \"3000000\"");

        var answer = await bench.CallAsync(StdioBench.Call("large"), await bench.OpenAsync());

        Assert.InRange(answer.Length, 3_000_000, 3_000_300);
    }

    [LinuxFact]
    public async Task A_program_that_fails_at_its_start_is_not_started_at_every_call()
    {
        await using var bench = await StdioBench.StartAsync(argument: "fails-at-start");

        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
            answers.Add(await bench.CallAsync(StdioBench.Initialize, null));

        Assert.Contains("its program ended with exit code 7.", answers[0]);
        Assert.Contains(answers, static answer => answer.Contains("its program failed", StringComparison.Ordinal)
            && answer.Contains("it will be restarted in", StringComparison.Ordinal)
            && answer.Contains("was not counted", StringComparison.Ordinal));
        Assert.InRange(bench.Pids.Length, 1, 10);
    }

    [LinuxFact]
    public async Task A_command_that_is_not_there_is_named()
    {
        await using var bench = await StdioBench.StartAsync(command: "no-such-program");

        Assert.Contains(
            "its command no-such-program was not found.", await bench.CallAsync(StdioBench.Initialize, null));
    }

    [LinuxFact]
    public async Task A_program_sees_only_the_environment_that_is_its()
    {
        await using var bench = await StdioBench.StartAsync(env: ", \"MINE\": \"1\"");
        var session = await bench.OpenAsync();

        var environment = await bench.CallAsync(StdioBench.Call("environment"), session);
        var arguments = await bench.CallAsync(StdioBench.Call("arguments"), session);

        var names = environment.Split("\"text\":\"")[1].Split('"')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("MINE", names);
        Assert.Equal(bench.Folder, names[^1]);
        string[] known = ["HOME", "LANG", "LARGE", "MINE", "PATH", "PIDS", "PWD", "RECORD", "SHLVL", "_"];
        Assert.Empty(names[..^1].Except(known));
        Assert.Contains(" a b $HOME", arguments);
    }
}
