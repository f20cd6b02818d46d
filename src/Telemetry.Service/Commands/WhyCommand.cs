using System.CommandLine;
using System.Text.Json;

namespace Telemetry.Service;

/// <summary><c>telemetry why TOPIC</c>: the last messages of a topic, what each became, and why not.</summary>
internal static class WhyCommand
{
    private const double BytesPerMebibyte = 1024 * 1024;

    public static Command Create()
    {
        var topic = new Argument<string>("topic") { Description = "Topic or topic filter, such as 'mill/#'" };
        var limit = new Option<int>("--limit") { Description = "How many messages", DefaultValueFactory = _ => 20 };
        var address = new ServiceAddress();
        var command = new Command("why", "Say what became of the last messages of a topic, and why") { topic, limit };
        address.AddTo(command);
        command.SetAction((arguments, cancellation) =>
        {
            string name = Uri.EscapeDataString(arguments.GetValue(topic)!);
            string path = $"/api/why?topic={name}&limit={arguments.GetValue(limit)}";
            return ServiceQuestion.AskAsync(
                address, arguments, () => new HttpRequestMessage(HttpMethod.Get, path), Print, cancellation);
        });
        return command;
    }

    private static void Print(JsonElement answer)
    {
        JsonElement messages = answer.GetProperty("messages");
        if (messages.GetArrayLength() == 0)
        {
            PrintNothing(answer);
            return;
        }

        foreach (JsonElement message in messages.EnumerateArray().Reverse())
        {
            Print(message, message.GetProperty("samples"));
            Console.WriteLine();
        }
    }

    private static void Print(JsonElement message, JsonElement samples)
    {
        string again = message.GetProperty("isRetry").GetBoolean() ? ", decoded again from quarantine" : "";
        string arrived = ServiceQuestion.TimeOf(message.GetProperty("arrivalTime"));
        string fate = message.GetProperty("fate").GetString()!.ToUpperInvariant();
        Console.WriteLine($"{arrived}  {message.GetProperty("topic")}  "
            + $"from {message.GetProperty("gateway")}, {message.GetProperty("payloadBytes")} bytes, "
            + $"QoS {message.GetProperty("qos")}{again}");
        Console.WriteLine($"  {message.GetProperty("payloadStart")}");
        Console.WriteLine($"  {fate}: {message.GetProperty("because")}");
        if (message.GetProperty("excerpt") is { ValueKind: JsonValueKind.Object } excerpt)
        {
            Console.WriteLine($"    {excerpt.GetProperty("text")}");
            Console.WriteLine(new string(' ', 4 + excerpt.GetProperty("caret").GetInt32()) + "^");
        }

        if (message.GetProperty("quarantineId") is { ValueKind: JsonValueKind.Number } id)
        {
            Console.WriteLine($"  in quarantine: telemetry quarantine show {id}");
        }

        foreach (JsonElement refused in message.GetProperty("refused").EnumerateArray())
        {
            Console.WriteLine($"  refused: {refused}");
        }

        foreach (JsonElement sample in samples.EnumerateArray())
        {
            Console.WriteLine($"  {LineOf(sample)}");
        }

        int more = message.GetProperty("sampleCount").GetInt32() - samples.GetArrayLength();
        if (more > 0)
        {
            Console.WriteLine($"  and {more} more values");
        }
    }

    private static string LineOf(JsonElement sample)
    {
        string name = $"{sample.GetProperty("series")} {sample.GetProperty("field")}";
        string value = $"{sample.GetProperty("value")} {sample.GetProperty("unit")}".TrimEnd();
        string remarks = sample.GetProperty("remarks").GetString() is { Length: > 0 } words ? $" ({words})" : "";
        string bound = sample.GetProperty("signal") is { ValueKind: JsonValueKind.String } signal
            ? $"signal {signal}"
            : "bound to no signal";
        string nearest = sample.GetProperty("nearest") is { ValueKind: JsonValueKind.String } near
            ? $", did you mean {near}?"
            : "";
        return $"{name} = {value} at {ServiceQuestion.TimeOf(sample.GetProperty("time"))}{remarks}: {bound}{nearest}";
    }

    private static void PrintNothing(JsonElement answer)
    {
        double searched = answer.GetProperty("searchedBytes").GetInt64() / BytesPerMebibyte;
        string since = answer.GetProperty("searchedFrom").GetInt64() > 0
            ? $", back to {ServiceQuestion.TimeOf(answer.GetProperty("searchedFrom"))}"
            : "";
        string topic = answer.GetProperty("topic").GetString()!;
        Console.WriteLine($"nothing came on {topic} in the last {searched:F1} MiB of spool{since}");
        if (answer.GetProperty("route").GetString() is { Length: > 0 } route)
        {
            Console.WriteLine(route);
        }

        foreach (JsonElement similar in answer.GetProperty("similarTopics").EnumerateArray())
        {
            Console.WriteLine($"similar topic: {similar}");
        }

        foreach (JsonElement session in answer.GetProperty("sessions").EnumerateArray())
        {
            Console.WriteLine($"connected: {session.GetProperty("client")} from {session.GetProperty("address")}, "
                + $"{session.GetProperty("messages")} messages");
        }

        if (answer.GetProperty("sessions").GetArrayLength() == 0)
        {
            Console.WriteLine("no client is connected");
        }
    }
}
