using System.CommandLine;
using System.CommandLine.Parsing;

namespace Gateway.Hosting.Options;

/// <summary>The option <c>--memory-max</c>: what requests and answers may hold, in MiB.</summary>
public static class MemoryMax
{
    private const int Least = 24;

    /// <summary>The option; <paramref name="variable"/> of the environment stands in its place, if given.</summary>
    public static Option<int?> Option(string? variable = null)
    {
        var option = new Option<int?>("--memory-max")
        {
            Description = "MiB that requests and answers may hold, all together; a grant a third of it. By default a "
                + "quarter of the memory that the process may use." + (variable is null ? "" : $" ({variable})"),
            HelpName = "MIB",
        };
        if (variable is not null) option.DefaultValueFactory = result => FromEnvironment(result, variable);
        option.Validators.Add(static result =>
        {
            if (result.TryRead<int?>(out var most) && most is < Least)
                result.AddError($"--memory-max is {Least} MiB or more.");
        });
        return option;
    }

    /// <summary>Bytes of it; null where nothing was said.</summary>
    public static long? Bytes(int? mebibytes) => mebibytes * 1024L * 1024;

    private static int? FromEnvironment(ArgumentResult result, string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } set) return null;
        if (int.TryParse(set, out var most) && most >= Least) return most;
        result.AddError($"{variable}={set} is not a count of {Least} MiB or more.");
        return null;
    }
}
