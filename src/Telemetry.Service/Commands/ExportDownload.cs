using System.Globalization;
using System.Net;
using System.Text.Json;
using Telemetry.Model;
using Telemetry.Store.Export;

namespace Telemetry.Service;

/// <summary>
/// An export that is fetched a day at a time into a file, with a note beside it of how far it has come.
/// </summary>
/// <param name="client">Asks the service.</param>
/// <param name="path">The file.</param>
/// <param name="query">What is asked besides times, as parameters that begin with <c>&amp;</c>.</param>
internal sealed class ExportDownload(HttpClient client, string path, string query)
{
    private readonly string _note = path + ".progress";

    public async Task<int> RunAsync(string from, string to, string? zone, CancellationToken cancellation)
    {
        client.Timeout = Timeout.InfiniteTimeSpan; // a day of everything takes its time; Ctrl+C ends the wait
        TimeZoneInfo? place = null;
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out place))
        {
            Console.Error.WriteLine($"there is no time zone '{zone}'; write --zone as in Asia/Ulaanbaatar");
            return ExitCode.BadSettings;
        }

        if (ReadTime(from, place) is not { } start || ReadTime(to, place) is not { } end || start >= end)
        {
            Console.Error.WriteLine(
                $"cannot read --from '{from}' and --to '{to}': expected times such as 2026-01-31, from before to");
            return ExitCode.BadSettings;
        }

        string request = $"{start:O} {end:O} {query}";
        DateTimeOffset next = start;
        if (File.Exists(path) && !TryResume(request, ref next))
        {
            Console.Error.WriteLine(
                $"cannot write '{path}': it exists and is no part of this export; nothing was changed");
            return ExitCode.Failed;
        }

        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        file.Seek(0, SeekOrigin.End);
        NoteDone(request, next, file);
        while (next < end)
        {
            DateTimeOffset until = next.AddDays(1) < end ? next.AddDays(1) : end;
            if (await FetchAsync(file, next, until, isFirst: next == start, cancellation) is { } fault)
            {
                GiveUp(file, fault, next, isFirst: next == start);
                return ExitCode.Failed;
            }

            next = until;
            NoteDone(request, next, file);
            string megabytes = string.Create(CultureInfo.InvariantCulture, $"{file.Length / 1e6:N1} MB");
            ProgressBar.Show((next - start) / (end - start), megabytes);
        }

        File.Delete(_note);
        return ExitCode.Done;
    }

    /// <summary>Keeps what is whole; of an export that has not begun nothing.</summary>
    private void GiveUp(FileStream file, string fault, DateTimeOffset next, bool isFirst)
    {
        string then = isFirst ? "nothing was written" : $"the same command goes on from {next:u}";
        Console.Error.WriteLine($"cannot export: {fault}; {then}");
        if (isFirst)
        {
            file.Dispose();
            File.Delete(path);
            File.Delete(_note);
        }
    }

    /// <summary>What is in the file up to now is whole.</summary>
    private void NoteDone(string request, DateTimeOffset next, FileStream file)
    {
        file.Flush(flushToDisk: true);
        File.WriteAllText(_note, $"{request}\n{next:O}\n{file.Length}\n");
    }

    /// <summary>Cuts the file to what the note says is whole.</summary>
    private bool TryResume(string request, ref DateTimeOffset next)
    {
        string[] note = File.Exists(_note) ? File.ReadAllLines(_note) : [];
        if (note is not [var of, var at, var length] || of != request)
        {
            return false;
        }

        next = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(long.Parse(length, CultureInfo.InvariantCulture));
        return true;
    }

    /// <returns>Null when the span is in the file; else why not.</returns>
    private async Task<string?> FetchAsync(
        FileStream file, DateTimeOffset from, DateTimeOffset to, bool isFirst, CancellationToken cancellation)
    {
        string header = isFirst ? "true" : "false";
        string address = string.Create(
            CultureInfo.InvariantCulture,
            $"/api/export?from={from.UtcDateTime:O}&to={to.UtcDateTime:O}&header={header}{query}");
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(
                address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                string text = await answer.Content.ReadAsStringAsync(cancellation);
                return answer.StatusCode == HttpStatusCode.BadRequest
                    ? JsonDocument.Parse(text).RootElement.GetProperty("error").GetString()
                    : $"HTTP {(int)answer.StatusCode} {text}";
            }

            await answer.Content.CopyToAsync(file, cancellation);
            return null;
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException)
        {
            return cause.Message;
        }
    }

    private static DateTimeOffset? ReadTime(string text, TimeZoneInfo? zone) =>
        ExportTime.TryParse(text, zone, out long nanoseconds) ? Timestamp.ToDateTimeOffset(nanoseconds) : null;
}
