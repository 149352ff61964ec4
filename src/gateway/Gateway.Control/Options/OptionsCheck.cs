using Microsoft.Extensions.Options;

namespace Gateway.Control.Options;

/// <summary>Holds options to the ranges that stand beside their defaults.</summary>
public static class OptionsCheck
{
    /// <summary>Goes on where all is well.</summary>
    /// <exception cref="InvalidOperationException">One is out of its range; the message names each with its range.
    /// </exception>
    public static void OrThrow(this ValidateOptionsResult result)
    {
        if (result.Failed)
            throw new InvalidOperationException(result.FailureMessage);
    }
}
