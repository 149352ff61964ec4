using System.CommandLine;

namespace Gateway.LoadTests.Commands;

/// <summary>Options that several commands share.</summary>
internal static class LoadOptions
{
    /// <summary>Returns an option for a duration of at least one second.</summary>
    public static Option<int> Seconds(int otherwise, string description) =>
        Number("--seconds", otherwise, description);

    /// <summary>Returns an option for a number of at least one.</summary>
    public static Option<int> Number(string name, int otherwise, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} is 1 or more.");
        });
        return option;
    }

    public static Option<string?> Gateway() =>
        Executable("--gateway", "The gateway's executable. Default: the Release build of this tree.");

    /// <summary>Returns an option for the path of an existing program.</summary>
    public static Option<string?> Executable(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } path && !File.Exists(path))
                result.AddError($"{name} {path}: there is no such file.");
        });
        return option;
    }

    public static Option<string?> Postgres()
    {
        var option = new Option<string?>("--postgres")
        {
            Description = "A database that gateways may share: postgres://user:password@host/database",
        };
        option.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } url && !url.StartsWith("postgres", StringComparison.Ordinal))
                result.AddError("--postgres is a URL: postgres://user:password@host/database");
        });
        return option;
    }
}
