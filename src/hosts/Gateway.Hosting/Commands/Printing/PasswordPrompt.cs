using System.Text;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>
/// A prompt for a password, which is read from a terminal without echo, otherwise from the first line of standard
/// input.
/// </summary>
internal static class PasswordPrompt
{
    /// <summary>Returns the password; null after an error message if there is none.</summary>
    /// <param name="prompt">The text of the prompt.</param>
    /// <param name="isNew">True to let a person type it twice.</param>
    public static string? Ask(string prompt, bool isNew = false)
    {
        var password = Console.IsInputRedirected ? Console.In.ReadLine() : Read(prompt);
        if (string.IsNullOrEmpty(password))
        {
            Console.Error.WriteLine("No password was given: type it, or send it as the first line of standard input.");
            return null;
        }

        if (!isNew || Console.IsInputRedirected || Read($"{prompt}, again") == password)
            return password;
        Console.Error.WriteLine("The two passwords differ; nothing was changed.");
        return null;
    }

    private static string Read(string prompt)
    {
        Console.Error.Write($"{prompt}: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
