using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Classifying;

/// <summary>
/// The evidence that explicit rules find in a tool's name, description and schemas. The model weighs it together with
/// the words.
/// </summary>
internal sealed class RuleReading
{
    public RuleReading(ToolFacts tool)
    {
        Name = new NameReading(tool.Name);
        Text = new TextReading(tool.Description ?? tool.Title ?? "");
        Input = SchemaSigns.Of(tool.InputSchema);
        var output = SchemaSigns.Of(tool.OutputSchema);
        Evaluate(Name, Text, Found);
        Raise(Name, Text, Input, Found);
        SecretSigns.Raise(Name, Text, output, Found);
        if (output.Secret is { } member && Found.Category == ToolCategory.Secret)
            Found.Decide(ToolCategory.Secret, $"Its result has the member \"{member}\", a secret.");
        else if (Text.IsEmpty && Name.Verb is { IsFirm: true } && Found.Category is { } category && category.IsGrave())
            Found.Decide(category, "There is no description, so its name decides.");
    }

    public NameReading Name { get; }

    public TextReading Text { get; }

    public SchemaSigns Input { get; }

    public Evidence Found { get; } = new();

    /// <summary>Evaluates the name and the description.</summary>
    private static void Evaluate(NameReading name, TextReading text, Evidence found)
    {
        var said = text.Leading;
        var verb = name.Verb;
        if (name.IsShown || (verb is null && name.EndsShown && said is null))
        {
            found.Set(ToolCategory.Read, $"Its name ends with \"{name.Last}\", which names data to view.", 0.7);
            return;
        }

        if (verb is { IsFirm: true } || (verb is not null && said is null))
        {
            found.Set(verb.Category, $"Its name says \"{verb.Word}\".", verb.IsFirm ? 0.8 : 0.5);
            if (said is not null && said.Category == verb.Category)
                found.Agree($"Its description says \"{said.Word}\" too.");
            else if (said is { IsFirm: true } && said.Category.IsGrave() && text.LeadingAt < Near(verb)
                && !verb.Word.StartsWith("un", StringComparison.Ordinal))
                found.AtLeast(said.Category, $"Its description begins with \"{said.Word}\".");
            else if (said is not null)
                found.Doubt();
        }
        else if (said is not null)
        {
            found.Set(said.Category, $"Its description says \"{said.Word}\".", verb is null ? 0.6 : 0.7);
            if (verb is not null && verb.Category == said.Category)
                found.Agree($"Its name says \"{verb.Word}\" too.");
            else if (verb is { Category: ToolCategory.Financial } && said.Category != ToolCategory.Read)
                found.AtLeast(ToolCategory.Financial, $"Its name says \"{verb.Word}\".");
        }
    }

    /// <summary>
    /// Returns the number of leading words of the description within which a verb counts against the name's verb.
    /// </summary>
    private static int Near(Verb verb) => verb.Category == ToolCategory.Read ? 1 : 3;

    /// <summary>Raises the category above that of the verb.</summary>
    private static void Raise(NameReading name, TextReading text, SchemaSigns input, Evidence found)
    {
        Soften(name, text, found);
        if (input.Choice is { } choice)
        {
            found.AtLeast(choice.Verb.Category,
                $"Its parameter \"{choice.Member}\" may be \"{choice.Verb.Word}\".");
        }

        if (found.Category is null or ToolCategory.Read && name.First is "snippet" or "scaffold")
            found.Set(ToolCategory.Write, $"Its name begins with \"{name.First}\": it writes code.", 0.7);
        if ((name.Last is "write" || name.Words.Any(
            static word => word is "manage" or "manager" or "management" or "admin")) && text.Removes is { } removed)
        {
            found.AtLeast(ToolCategory.Destructive, $"Its description names \"{removed}\" among its actions.");
        }

        if (found.Category == ToolCategory.Write && input is { AddsToo: true, Remover: { } remover })
            found.AtLeast(ToolCategory.Destructive, $"Its parameter \"{remover}\" removes something.");
        var isNamedRead = found.Category == ToolCategory.Read && found.IsByName;
        if (text.Listed is { } listed && listed.Category.IsGrave() && !text.IsSql && !isNamedRead)
            found.AtLeast(listed.Category, $"Its description names \"{listed.Word}\" among its actions.");
        if (found.Category == ToolCategory.Read && input.Clears is { } clears)
            found.AtLeast(ToolCategory.Destructive, $"Its parameter \"{clears}\" clears something.");
        if (found.Category == ToolCategory.Write && input.Empties is { } empties)
            found.AtLeast(ToolCategory.Destructive, $"Its parameter \"{empties}\" empties something.");
        if (name.Words.Contains("push") && name.Words.Contains("git") && input.Forces is { } forces)
            found.AtLeast(ToolCategory.Destructive, $"Its parameter \"{forces}\" may discard commits of others.");
        if (text.IsCrud && !isNamedRead)
            found.AtLeast(ToolCategory.Destructive, "Its description names CRUD, which includes deleting.");
        if (found.Category == ToolCategory.Write && text.RestoresBackup)
            found.AtLeast(ToolCategory.Destructive, "It restores a backup over existing data.");
        if (found.Category == ToolCategory.Read && name.Verb is { Word: "download" }
            && (input.Path is not null || text.SavesFile))
        {
            found.AtLeast(ToolCategory.Write, "It stores what it downloads.");
        }

        if (name.CancelsWork is { } work && found.Category is not (ToolCategory.Financial or ToolCategory.Destructive))
            found.Decide(ToolCategory.Execute, $"Its name says that it cancels \"{work}\".");
        else if (name.CancelsDate is { } date)
            found.Decide(ToolCategory.Destructive, $"Its name says that it cancels \"{date}\".");
        RaiseByObject(name, input, found);
        RaiseToExecute(name, text, input, found);
        MoneySigns.Raise(name, text, input, found);
    }

    /// <summary>
    /// Lowers the category of "swap", "capture" and similar verbs, which concern money only in such a context.
    /// </summary>
    private static void Soften(NameReading name, TextReading text, Evidence found)
    {
        if (found.Category != ToolCategory.Financial || found.IsFirm(name, text))
            return;
        if (name is { Verb.Word: "transfer", Last: "app" or "project" or "issue" or "site" or "chat" or "task" })
            found.Set(ToolCategory.Write, "Its name says that it acts on something other than money.", 0.5);
        else if (text.IsEmpty ? name.HasFarFromMoney : !text.HasMoneyOrToken && !name.HasMoney)
            found.Set(ToolCategory.Write, "Nothing else in its definition concerns money.", 0.5);
        else if (name.HasFarFromMoney)
            found.Set(ToolCategory.Write, "Its name says that it acts on something other than money.", 0.5);
    }

    /// <summary>Raises the category by what the name says that it drives, probes or sends.</summary>
    private static void RaiseByObject(NameReading name, SchemaSigns input, Evidence found)
    {
        if (found.Category is null && name.IsSignIn)
            found.AtLeast(ToolCategory.Execute, "Its name is about signing in.");
        if (name.Examines is { } examined && input.Runs is null
            && found.Category is null or ToolCategory.Read or ToolCategory.Write or ToolCategory.Execute)
        {
            found.Decide(ToolCategory.Read, $"Its name says \"{examined}\": it only returns findings.");
        }
        else if (name.SignInLink is { } link && found.Category is null or ToolCategory.Read or ToolCategory.Write)
            found.Decide(ToolCategory.Execute, $"Its name says \"{link}\" and \"{name.Last}\": it begins a sign-in.");
        else if (name.SendsRequest is { } request)
            found.Decide(ToolCategory.Execute, $"Its name says \"{request}\" and \"request\": it can send any "
                + "request.");
        else if (name.ProbesMachines || (name.Probes && input.Machine is not null))
            found.Decide(ToolCategory.Execute, "It probes another machine.");
        else if (found.Category == ToolCategory.Write && name.Console is { } console)
            found.AtLeast(ToolCategory.Execute, $"Its name says \"{console}\", which it controls.");
        else if (name.Verb is { Word: "send" } && name.Words.Contains("code") && input.Program is not null)
            found.AtLeast(ToolCategory.Execute, "It sends code to a program, which runs it.");
        else if (name.Verb is { Word: "send" or "approve" }
            && name.Last is "code" or "keys" or "keystrokes" or "command")
        {
            found.AtLeast(ToolCategory.Execute, $"Its name contains \"{name.Last}\", which something else executes.");
        }
        else if (name.Last == "call" && name.Verb is { Word: "make" or "create" or "place" or "start" or "initiate" })
            found.AtLeast(ToolCategory.Execute, "Its name says that it makes a phone call.");
    }

    private static void RaiseToExecute(NameReading name, TextReading text, SchemaSigns input, Evidence found)
    {
        var mayRun = found.Category is null or ToolCategory.Execute
            || (found.Category == ToolCategory.Read && name.Verb is null or { IsFirm: false });
        var named = TextReading.OnlyReading(name.Words);
        if (mayRun && (named ?? text.OnlyReads) is { } language && !text.IsSql)
        {
            if (found.Category is ToolCategory.Execute && name.Verb is { Word: "execute" or "exec" or "run" })
                found.Set(ToolCategory.Read, $"It takes {language}, a language that only reads.", 0.6);
            return;
        }

        if (mayRun && name.QueriesDatabase)
            found.AtLeast(ToolCategory.Execute, "Its name says that it queries a database.");
        if (mayRun && (input.Statement ?? (text.IsSql ? "query" : null)) is { } statement && !name.IsAboutStatements)
            found.AtLeast(ToolCategory.Execute, $"Its parameter \"{statement}\" takes a statement to run.");
        if (mayRun && input.Program is { } program)
            found.AtLeast(ToolCategory.Execute, $"Its parameter \"{program}\" takes code or a command.");
        if (found.Category == ToolCategory.Write && name.StartsSomething is { } started)
            found.Decide(ToolCategory.Execute, $"Creating a \"{started}\" starts it.");
        if (found.Category is ToolCategory.Write or ToolCategory.Execute && name.Looks is { } looks)
            found.Decide(ToolCategory.Read, $"Its name says \"{looks}\": it reads, even if that starts a job.");
        if (found.Category is ToolCategory.Write or ToolCategory.Execute && name.LetsIn is "backchannel")
            found.Decide(ToolCategory.Execute, "Its name says \"backchannel\": it is a step of a sign-in.");
        else if (found.Category == ToolCategory.Write && input.Secret is null
            && (name.LetsIn ?? text.LetsIn) is { } key)
        {
            found.AtLeast(ToolCategory.Execute, $"It is about \"{key}\", which grants access.");
        }

        if (name.IsScreen && found.Category is not ToolCategory.Execute && name.DrivesScreen)
            found.AtLeast(ToolCategory.Execute, $"Its name says \"{name.First}\": it controls a screen.");
    }
}
