using System.CommandLine.Parsing;

namespace Gateway.Hosting.Options;

/// <summary>Reads the values of options for validation.</summary>
public static class OptionValues
{
    /// <summary>
    /// Reads a value; returns false if the text is not a value of the type, which the parser reports itself.
    /// </summary>
    public static bool TryRead<T>(this OptionResult result, out T? value)
    {
        try
        {
            value = result.GetValueOrDefault<T>();
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }
}
